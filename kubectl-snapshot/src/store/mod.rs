//! Snapshots by name, and the parts they consist of by digest.
//!
//! A store is a namespace of ConfigMaps or a directory of files. Both hold the
//! same documents, to the byte; both refuse to overwrite a name unless told to,
//! and verify whatever they read.

mod bindings;
mod broken;
mod chunk;
mod config_maps;
mod digest_and_size;
mod directory;
mod entry;
mod error;
mod evidence;
mod find;
mod flag_sources;
mod garbage;
mod head;
mod health;
mod layout;
mod names;
mod pack;
mod piece;
#[cfg(any(test, fuzzing))]
pub mod readers;
mod records;
mod repositories;
mod stages;
#[cfg(test)]
mod tests;
mod variable_keys;
mod variables;

use std::{path::PathBuf, sync::Arc};

use crate::{cluster::Cluster, files::Existing};

pub use bindings::Bindings;
pub use broken::{BrokenPart, Removal, Removed};
pub use config_maps::{ConfigMaps, KeptJournal};
pub use directory::Directory;
pub use error::{Entity, StoreError};
pub use evidence::KnownFacts;
pub use garbage::{Collected, Garbage, GarbageItem, GarbageKind};
pub use head::{Broken, Head, Listing};
pub use health::{Fault, Health};
pub use names::Names;
pub use records::DecisionInputs;
pub use stages::{BrokenStage, Stages};
pub use variables::VariableSet;

use directory::Files;
use entry::{Change, Entry, Fields, Section};
use snapshot_core::{name::SnapshotName, parts::Document};

/// Is told how many of how many parts are written or read.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Send + Sync);

/// Permission to give a name to another snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// A name that is taken is an error.
    Never,
    /// The user insists.
    Force,
}

impl From<Overwrite> for Existing {
    fn from(overwrite: Overwrite) -> Self {
        match overwrite {
            Overwrite::Never => Self::Keep,
            Overwrite::Force => Self::Replace,
        }
    }
}

/// A home of snapshots and variable sets.
#[derive(Clone)]
pub enum Store {
    /// ConfigMaps in a namespace.
    ConfigMaps(ConfigMaps),
    /// Files in a directory.
    Directory(Directory),
}

impl Store {
    /// The ConfigMaps of a namespace. Nothing is asked of the cluster yet.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a store keeps its connection; how is its own affair"
    )]
    pub fn in_cluster(cluster: Cluster, namespace: &str) -> Self {
        Self::ConfigMaps(ConfigMaps::new(&cluster, namespace))
    }

    /// The files of a directory, which is made when something is stored in it.
    #[must_use]
    pub fn in_directory(path: impl Into<PathBuf>) -> Self {
        Self::Directory(Directory::new(path.into()))
    }

    /// Location for messages: `namespace kubectl-snapshot`, or a path.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::ConfigMaps(home) => home.place(),
            Self::Directory(home) => home.place(),
        }
    }

    /// True if nothing is there, not even an empty store.
    pub async fn is_missing(&self) -> bool {
        match self {
            Self::ConfigMaps(home) => home.is_missing().await,
            Self::Directory(home) => home.on(Files::is_missing).await,
        }
    }

    /// Stores a snapshot under a name, whatever name its metadata has.
    pub async fn save(
        &self,
        name: &SnapshotName,
        document: &Arc<Document>,
        overwrite: Overwrite,
        progress: Progress<'_>,
    ) -> Result<Head, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.save(name, document, overwrite, progress).await,
            Self::Directory(home) => {
                let (name, document) = (name.clone(), Arc::clone(document));
                let work = home.on(move |files| files.save(&name, &document, overwrite));
                one_part(progress, work).await
            }
        }
    }

    /// Reads a snapshot, and verifies that it is the one that the head names.
    pub async fn load(&self, head: &Head, progress: Progress<'_>) -> Result<Document, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.load(head, progress).await,
            Self::Directory(home) => {
                let head = head.clone();
                one_part(progress, home.on(move |files| files.load(&head))).await
            }
        }
    }

    /// Every snapshot, without its set.
    pub async fn list(&self) -> Result<Listing, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.list().await,
            Self::Directory(home) => home.on(Files::list).await,
        }
    }

    /// The snapshot of a name, or of a digest or its beginning: `sha256:` and 8 digits at least.
    ///
    /// Where several names have that digest, the newest is found.
    pub async fn find(&self, reference: &str) -> Result<Head, StoreError> {
        if let Some(digits) = find::digest_prefix(reference)? {
            return find::by_digest(self.list().await?, digits, &self.place());
        }
        let found = match reference.parse() {
            Ok(name) => self.head(&name).await?,
            Err(_) => None,
        };
        match found {
            Some(head) => Ok(head),
            None => Err(find::no_such_name(reference, &self.list().await?, &self.place())),
        }
    }

    async fn head(&self, name: &SnapshotName) -> Result<Option<Head>, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.head(name).await,
            Self::Directory(home) => {
                let name = name.clone();
                home.on(move |files| files.head(&name)).await
            }
        }
    }

    /// Deletes a snapshot's name.
    ///
    /// In a cluster its chunks stay: other snapshots may share them. Those that
    /// none shares are garbage until they are collected.
    pub async fn delete(&self, name: &SnapshotName) -> Result<(), StoreError> {
        match self {
            Self::ConfigMaps(home) => home.delete(name).await,
            Self::Directory(home) => {
                let name = name.clone();
                home.on(move |files| files.delete(&name)).await
            }
        }
    }

    /// Gives a stored snapshot a second name.
    pub async fn tag(
        &self,
        head: &Head,
        name: &SnapshotName,
        overwrite: Overwrite,
    ) -> Result<Head, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.tag(head, name, overwrite).await,
            Self::Directory(home) => {
                let (head, name) = (head.clone(), name.clone());
                home.on(move |files| files.tag(&head, &name, overwrite)).await
            }
        }
    }

    /// Every entry of a section, by name.
    pub(crate) async fn entries(&self, section: Section) -> Result<Vec<Entry>, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.entries(section).await,
            Self::Directory(home) => home.on(move |files| files.entries(section)).await,
        }
    }

    async fn entry(&self, section: Section, name: &str) -> Result<Option<Fields>, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.entry(section, name).await,
            Self::Directory(home) => {
                let name = name.to_owned();
                home.on(move |files| files.entry(section, &name)).await
            }
        }
    }

    async fn existing_entry(&self, section: Section, name: &str) -> Result<Fields, StoreError> {
        match self.entry(section, name).await? {
            Some(fields) => Ok(fields),
            None => Err(self.no_entry(section, name).await?),
        }
    }

    async fn update(
        &self,
        section: Section,
        name: &str,
        change: Change<'_>,
    ) -> Result<Fields, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.update(section, name, change).await,
            Self::Directory(home) => home.update(section, name, change).await,
        }
    }

    /// Writes an entry once, as one of a group's: a record of a stage.
    ///
    /// `false` where another has that name already, which stays as it is.
    async fn append(
        &self,
        section: Section,
        group: &str,
        id: &str,
        fields: &Fields,
    ) -> Result<bool, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.append(section, group, id, fields).await,
            Self::Directory(home) => {
                let (group, id, fields) = (group.to_owned(), id.to_owned(), fields.clone());
                home.on(move |files| files.append(section, &group, &id, &fields)).await
            }
        }
    }

    /// The entries of a group by name, which is `GROUP.ID`.
    async fn entries_of(&self, section: Section, group: &str) -> Result<Vec<Entry>, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.entries_of(section, group).await,
            Self::Directory(home) => {
                let group = group.to_owned();
                home.on(move |files| files.entries_of(section, &group)).await
            }
        }
    }

    async fn delete_entry(&self, section: Section, name: &str) -> Result<(), StoreError> {
        let was_there = match self {
            Self::ConfigMaps(home) => home.remove_entry(section, name).await?,
            Self::Directory(home) => {
                let name = name.to_owned();
                home.on(move |files| files.remove_entry(section, &name)).await?
            }
        };
        if was_there { Ok(()) } else { Err(self.no_entry(section, name).await?) }
    }

    async fn no_entry(&self, section: Section, name: &str) -> Result<StoreError, StoreError> {
        Ok(section.not_found(name, &self.entries(section).await?, &self.place()))
    }
}

/// Reports work that has one part.
async fn one_part<T>(
    progress: Progress<'_>,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    progress(0, 1);
    let done = work.await?;
    progress(1, 1);
    Ok(done)
}
