//! A folder that one test has to itself.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

use crate::Cluster;

/// A folder among the cluster's files, deleted when it is dropped.
///
/// Tests run in it with [`Invocation::current_dir`](crate::Invocation::current_dir),
/// so that transcripts show names as one types them.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes an empty one.
    ///
    /// # Panics
    /// Where it cannot be made.
    #[must_use]
    pub fn new(cluster: &Cluster) -> Self {
        let random = RandomState::new().hash_one(0);
        let folder = cluster.folder().join(format!("folder-{random:016x}"));
        fs::create_dir(&folder).expect("the cluster's folder is writable");
        Self(folder)
    }

    /// Path of the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, and the folders on the way to it.
    ///
    /// # Panics
    /// Where it cannot be written.
    #[track_caller]
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let file = self.0.join(name);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).expect("a test's folder is writable");
        }
        fs::write(&file, content).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left goes with the cluster.
        let _ = fs::remove_dir_all(&self.0);
    }
}
