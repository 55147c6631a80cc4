//! Snapshots as files, for Git and for work without a cluster.
//!
//! ```text
//! store/
//!   snapshots/rel-42.json    the canonical document
//!   variables/prod.json      a variable set
//!   stages/prod.json         where snapshots go
//!   repositories/shop.json   whose commits order whose versions
//!   flagsources/prod.json    which flag system is asked for whose flags
//!   policies/our-rules.json  which policy is asked, and how
//!   evidence/1f3a….5b….json  a fact about the snapshot of that digest
//!   removals/evidence.1f….json  a broken part that was removed
//!   blobs/1f3a…              a policy's bytes, named by their digest
//! ```
//!
//! Other files beside them are left alone.

mod blobs;
mod collect;
mod entries;

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use snapshot_core::{
    digest::Digest,
    document::{self, DocumentError},
    name::SnapshotName,
    parts::Document,
    snapshot::Metadata,
};

use super::{
    Entity, Head, Listing, Overwrite, StoreError, digest_and_size::DigestAndSize, find,
    head::Broken,
};
use crate::{blocking::blocking, files};

/// A directory that holds snapshots, on whatever disk or server it is.
///
/// Its files are reached on a thread of its own alone.
#[derive(Clone, Debug)]
pub struct Directory(Files);

/// The files of a directory. Whatever is done with them blocks.
#[derive(Clone, Debug)]
pub(super) struct Files {
    root: PathBuf,
}

impl Directory {
    pub(super) fn new(root: PathBuf) -> Self {
        Self(Files::new(root))
    }

    /// Location of the store, for messages.
    pub(super) fn place(&self) -> String {
        self.0.place()
    }

    /// Does something with the files, where that may take as long as it takes.
    pub(super) async fn on<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Files) -> T + Send + 'static,
    ) -> T {
        let files = self.0.clone();
        blocking(move || work(&files)).await
    }
}

impl Files {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// True if the directory is known not to be there.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self.root.try_exists(), Ok(false))
    }

    /// Location of the store, for messages.
    pub(super) fn place(&self) -> String {
        self.root.display().to_string()
    }

    fn folder(&self) -> PathBuf {
        self.root.join("snapshots")
    }

    fn file(&self, name: &SnapshotName) -> PathBuf {
        self.folder().join(format!("{name}.json"))
    }

    /// Writes a snapshot's document, whole or not at all.
    pub(super) fn save(
        &self,
        name: &SnapshotName,
        document: &Document,
        overwrite: Overwrite,
    ) -> Result<Head, StoreError> {
        if overwrite == Overwrite::Never {
            self.refuse_taken(name)?;
        }
        let DigestAndSize { digest, bytes } = DigestAndSize::of(document);
        let metadata = Metadata { name: Some(name.to_string()), ..document.metadata().clone() };
        let file = self.file(name);
        let written = files::write(&file, overwrite.into(), |out| {
            document::write_named(document, &metadata, digest, out)
        });
        match written {
            Ok(()) => Ok(Head::new(name, document, digest, bytes)),
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
                // Somebody was faster; unless it is gone again, this says so.
                self.refuse_taken(name)?;
                Err(StoreError::Changed { entity: Entity::Snapshot, name: name.to_string() })
            }
            Err(cause) => Err(StoreError::Io { verb: "written", file, cause }),
        }
    }

    fn refuse_taken(&self, name: &SnapshotName) -> Result<(), StoreError> {
        match self.head(name)? {
            Some(Head { name, digest, .. }) => Err(StoreError::Taken { name, digest }),
            None => Ok(()),
        }
    }

    /// Reads a snapshot and verifies it.
    pub(super) fn load(&self, head: &Head) -> Result<Document, StoreError> {
        let file = self.file(&head.name);
        let Some(text) = read(&file)? else {
            return Err(self.not_found(head.name.as_ref()));
        };
        let (mut document, digest) = document::read_with_digest(text)
            .map_err(|cause| StoreError::Document { file, cause })?;
        if digest != head.digest {
            return Err(StoreError::Changed {
                entity: Entity::Snapshot,
                name: head.name.to_string(),
            });
        }
        document.metadata_mut().name = Some(head.name.to_string());
        Ok(document)
    }

    /// The head of a name, if there is one.
    pub(super) fn head(&self, name: &SnapshotName) -> Result<Option<Head>, StoreError> {
        let file = self.file(name);
        let Some(text) = read(&file)? else { return Ok(None) };
        match head_of(name, &text) {
            Ok(head) => Ok(Some(head)),
            Err(cause) => Err(StoreError::Document { file, cause }),
        }
    }

    /// Every snapshot; a broken one does not hide the others.
    pub(super) fn list(&self) -> Result<Listing, StoreError> {
        let mut listing = Listing::default();
        for name in names(&self.folder())? {
            let Ok(name) = name.parse::<SnapshotName>() else { continue };
            match self.head(&name) {
                Ok(head) => listing.heads.extend(head),
                // Somebody else's JSON.
                Err(StoreError::Document { cause: DocumentError::Foreign(_), .. }) => (),
                Err(error) => {
                    let broken = Broken { name: name.to_string(), cause: error.to_string() };
                    listing.broken.push(broken);
                }
            }
        }
        Ok(listing.sorted())
    }

    /// Deletes a snapshot.
    pub(super) fn delete(&self, name: &SnapshotName) -> Result<(), StoreError> {
        let file = self.file(name);
        match fs::remove_file(&file) {
            Ok(()) => Ok(()),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                Err(self.not_found(name.as_ref()))
            }
            Err(cause) => Err(StoreError::Io { verb: "deleted", file, cause }),
        }
    }

    /// Stores the same set under another name.
    pub(super) fn tag(
        &self,
        head: &Head,
        name: &SnapshotName,
        overwrite: Overwrite,
    ) -> Result<Head, StoreError> {
        self.save(name, &self.load(head)?, overwrite)
    }

    /// The error for a name that is not there.
    pub(super) fn not_found(&self, wanted: &str) -> StoreError {
        find::no_such_name(wanted, &self.list().unwrap_or_default(), &self.place())
    }
}

/// The head of a document; its digest is computed where it states none.
fn head_of(name: &SnapshotName, text: &[u8]) -> Result<Head, DocumentError> {
    let summary = document::summarise(text)?;
    let digest: Digest = match summary.digest {
        Some(digest) => digest,
        None => document::read_with_digest(text)?.1,
    };
    let metadata = summary.metadata;
    Ok(Head {
        name: name.clone(),
        digest,
        created: metadata.created,
        author: metadata.author,
        source: metadata.source,
        message: metadata.message,
        parts: summary.parts,
        services: summary.services,
        instances: summary.instances,
        flags: summary.flags,
        bytes: summary.bytes,
    })
}

/// The most bytes of a file: some ten snapshots of 10,000 workloads.
const LARGEST_FILE: u64 = 256 << 20;

/// A file's bytes, unless it is not there.
///
/// Folders come from Git, with links and whatever else somebody has put there: what is no file
/// may never end, and a link may lead anywhere.
fn read(file: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    let bytes = || -> io::Result<Result<Vec<u8>, String>> {
        let metadata = fs::symlink_metadata(file)?;
        if let Some(problem) = problem(&metadata) {
            return Ok(Err(problem));
        }
        let mut bytes = Vec::new();
        fs::File::open(file)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
        Ok(if bytes.len() as u64 > LARGEST_FILE { Err(too_large()) } else { Ok(bytes) })
    };
    match bytes() {
        Ok(Ok(bytes)) => Ok(Some(bytes)),
        Ok(Err(problem)) => Err(StoreError::NotAFile { file: file.to_owned(), problem }),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(StoreError::Io { verb: "read", file: file.to_owned(), cause }),
    }
}

/// The reason why something is no file that a store may have written.
fn problem(metadata: &fs::Metadata) -> Option<String> {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        Some("is a symbolic link".to_owned())
    } else if kind.is_dir() {
        Some("is a folder".to_owned())
    } else if !kind.is_file() {
        Some("is a pipe, a socket or a device".to_owned())
    } else if metadata.len() > LARGEST_FILE {
        Some(too_large())
    } else {
        None
    }
}

fn too_large() -> String {
    format!("has more than {} MiB", LARGEST_FILE >> 20)
}

/// Names of the folder's `.json` files, without the extension.
fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let fail = |cause| StoreError::Io { verb: "read", file: folder.to_owned(), cause };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(fail(cause)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if path.extension().is_some_and(|extension| extension == "json") && !is_folder {
            names.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
        }
    }
    Ok(names)
}
