//! Errors of making a release.

use std::{io, path::PathBuf};

/// Error: no archive, or no manifest.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A target that is not released.
    #[error("nothing is released for {target}; known are: {known}")]
    Target {
        /// Target as asked for.
        target: String,
        /// Known targets.
        known: String,
    },
    /// A file or folder that cannot be read or written.
    #[error("{}: {cause}", path.display())]
    File {
        /// Path of the file.
        path: PathBuf,
        /// I/O error.
        cause: io::Error,
    },
    /// The plugin does not print its completions.
    #[error("{}, which prints the completions, {cause}", program.display())]
    Completions {
        /// The plugin.
        program: PathBuf,
        /// Description of the failure.
        cause: String,
    },
    /// Folder without archives.
    #[error("no archives of v{version} in {}; pack one first: make release", folder.display())]
    NoArchives {
        /// Folder in which they are expected.
        folder: PathBuf,
        /// The plugin's version.
        version: &'static str,
    },
    /// An archive that does not belong to the others.
    #[error("{} is left from another commit; build it again, or delete it", archive.display())]
    Stale {
        /// Path of the archive.
        archive: PathBuf,
    },
    /// The template cannot be filled.
    #[error("the manifest's template cannot be filled: {0:#}")]
    Template(#[from] minijinja::Error),
    /// The filled manifest is no manifest.
    #[error("the filled manifest cannot be read: {0}")]
    Manifest(String),
    /// The filled manifest breaks rules of krew's index.
    #[error("krew's index would refuse the manifest:\n  {}", .0.join("\n  "))]
    Rules(Vec<String>),
}

impl Error {
    /// An error about a file.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::File { path, cause }
    }
}
