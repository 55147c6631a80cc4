//! A folder that one test has to itself.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::Cluster;

/// A folder among the cluster's files, deleted when it is dropped.
///
/// Tests run in it with [`Invocation::current_dir`](crate::Invocation::current_dir),
/// so that transcripts show names as one types them.
#[derive(Debug)]
pub struct Folder(TempDir);

impl Folder {
    /// Makes an empty one.
    ///
    /// # Panics
    /// Where it cannot be made.
    #[must_use]
    pub fn new(cluster: &Cluster) -> Self {
        Self::inside(cluster.folder())
    }

    /// An empty one in another folder.
    pub(crate) fn inside(parent: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("folder-").tempdir_in(parent);
        Self(folder.expect("the folder of all tests' files is writable"))
    }

    /// Path of the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, and the folders on the way to it.
    ///
    /// # Panics
    /// Where it cannot be written.
    #[track_caller]
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let file = self.path().join(name);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).expect("a test's folder is writable");
        }
        fs::write(&file, content).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}
