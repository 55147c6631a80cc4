//! Garbage collection: chunks that nothing refers to any more, and their deletion.
//!
//! Chunks (files: blobs) are named by what they hold, and written once. Snapshots,
//! bindings and records refer to them; what none of them names is garbage. So is
//! what a capture under way has written so far: only age tells the two apart,
//! which is what the grace period is for.

use std::time::Duration;

use serde::Serialize;

use super::{Progress, Store, StoreError, config_maps::References};
use crate::cluster::Stop;

/// Garbage of a store, and counts of the rest.
#[derive(Debug, Default)]
pub struct Garbage {
    /// Unreferenced objects, older than the grace period.
    pub items: Vec<GarbageItem>,
    /// Number of chunks that something refers to.
    pub needed: usize,
    /// Number of chunks that nothing refers to yet, and that are younger.
    pub young: usize,
    /// Objects that refer to chunks, and cannot be used: a sentence each.
    pub unusable: Vec<String>,
    /// References when they were read; in a cluster.
    pub(super) references: References,
}

/// Object to be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GarbageItem {
    /// Kind of the object.
    pub kind: GarbageKind,
    /// The ConfigMap's name, or the file below the store's folder.
    pub name: String,
    /// The bytes that it takes; 0 until it has been weighed.
    pub bytes: u64,
    /// Tells the ConfigMap from another that has got its name since.
    #[serde(skip)]
    pub(super) uid: String,
}

/// Kind of object to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GarbageKind {
    /// Part of a snapshot, a policy, or a question.
    Chunk,
    /// A file that whoever was writing it never finished.
    Unfinished,
}

/// Result of a collection.
#[derive(Debug, Default)]
pub struct Collected {
    /// Objects that were deleted.
    pub deleted: Vec<GarbageItem>,
    /// Number of chunks that something refers to since they were found.
    pub re_referenced: usize,
    /// Error that stopped the collection.
    pub failure: Option<StoreError>,
}

impl Garbage {
    /// True if everything that refers to chunks could be read.
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
