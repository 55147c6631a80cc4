//! What nothing refers to any more, and taking it away.
//!
//! Chunks (files: blobs) are named by what they hold, and written once. Snapshots,
//! bindings and records refer to them; what none of them names is garbage. So is
//! what a capture under way has written so far: only age tells the two apart,
//! which is what the grace period is for.

use std::time::Duration;

use serde::Serialize;

use super::{Progress, Store, StoreError, config_maps::References};
use crate::cluster::Stop;

/// What of a store is garbage, and what is not.
#[derive(Debug, Default)]
pub struct Garbage {
    /// What nothing refers to, and is older than the grace period.
    pub waste: Vec<Waste>,
    /// How many chunks something refers to.
    pub needed: usize,
    /// How many chunks nothing refers to yet, and are younger.
    pub young: usize,
    /// Who referred to what when it was looked at; in a cluster.
    pub(super) references: References,
}

/// Something to be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waste {
    /// What it is.
    pub kind: WasteKind,
    /// The ConfigMap's name, or the file below the store's folder.
    pub name: String,
    /// The bytes that it takes; 0 until it has been weighed.
    pub bytes: u64,
    /// Tells the ConfigMap from another that has got its name since.
    #[serde(skip)]
    pub(super) uid: String,
}

/// What kind of thing is to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WasteKind {
    /// Part of a snapshot, a policy, or a question.
    Chunk,
    /// A file that whoever was writing it never finished.
    Unfinished,
}

/// What became of garbage.
#[derive(Debug, Default)]
pub struct Collected {
    /// What was deleted.
    pub deleted: Vec<Waste>,
    /// How many chunks something refers to since they were found.
    pub adopted: usize,
    /// Why the rest was left.
    pub failure: Option<StoreError>,
}

impl Garbage {
    /// Whether everything that refers to chunks could be read.
    pub(super) fn can_be_told(&self) -> bool {
        self.references.unreadable().next().is_none()
    }
}

impl Store {
    /// Finds what nothing refers to.
    ///
    /// # Errors
    /// Something that refers to chunks cannot be read: without it, its chunks
    /// would be taken for garbage.
    pub async fn garbage(&self, grace: Duration) -> Result<Garbage, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.garbage(grace).await,
            Self::Directory(home) => home.on(move |files| files.garbage(grace)).await,
        }
    }

    /// Learns how many bytes the garbage takes, which in a cluster means reading it.
    pub async fn weigh(
        &self,
        garbage: &mut Garbage,
        progress: Progress<'_>,
    ) -> Result<(), StoreError> {
        match self {
            Self::ConfigMaps(home) => home.weigh(garbage, progress).await,
            // A file's size is known without reading it.
            Self::Directory(_) => Ok(()),
        }
    }

    /// Deletes the garbage, unless something refers to it by now.
    ///
    /// Asked to stop, it ends what it has begun. What it could not delete is
    /// left to the next one.
    pub async fn collect(
        &self,
        garbage: Garbage,
        stop: &Stop,
        progress: Progress<'_>,
    ) -> Collected {
        match self {
            Self::ConfigMaps(home) => home.collect(garbage, stop, progress).await,
            Self::Directory(home) => home.collect(garbage, stop, progress).await,
        }
    }
}
