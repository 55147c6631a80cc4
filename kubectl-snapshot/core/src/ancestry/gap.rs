//! Gaps: reasons why git does not tell the order of two commits.

use std::path::PathBuf;

use serde::{Serialize, Serializer};

use crate::name::RepositoryName;

/// Reason why the order of two commits is not known.
///
/// None of them is an order: a history that is cut off knows nothing of what is behind the cut.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Gap {
    /// No repository: none was named for the service.
    #[error("no git repository is known for {service}")]
    NoRepository {
        /// The service.
        service: String,
    },
    /// The repository was never fetched to this machine.
    #[error("git repository {repository} has not been fetched to this machine")]
    NotFetched {
        /// The repository.
        repository: RepositoryName,
    },
    /// The clone is not where it should be.
    #[error("the clone of git repository {repository} is not at {}", .path.display())]
    NoClone {
        /// The repository.
        repository: RepositoryName,
        /// Path of the clone.
        path: PathBuf,
    },
    /// The history ends before its beginning: the clone is shallow.
    #[error("git repository {repository} is a shallow clone, whose history is cut off: {}", .path.display())]
    Shallow {
        /// The repository.
        repository: RepositoryName,
        /// Path of the clone.
        path: PathBuf,
    },
    /// A commit is not in the repository.
    #[error("commit {commit} is not in git repository {repository}")]
    NotFound {
        /// The repository.
        repository: RepositoryName,
        /// Commit as it was given.
        commit: String,
    },
    /// An abbreviation means several commits.
    #[error(
        "commit {commit} is ambiguous in git repository {repository}: several begin with these digits"
    )]
    Ambiguous {
        /// The repository.
        repository: RepositoryName,
        /// Commit as it was given.
        commit: String,
    },
    /// Objects that the repository borrows from another one are gone.
    #[error("git repository {repository} borrows objects from {}, which is not there", .lender.display())]
    LostAlternates {
        /// The repository.
        repository: RepositoryName,
        /// Folder of objects that is gone.
        lender: PathBuf,
    },
    /// A part of the history is missing.
    #[error("the history in git repository {repository} is incomplete: {cause}")]
    Incomplete {
        /// The repository.
        repository: RepositoryName,
        /// Path of it.
        path: PathBuf,
        /// Description of what is missing.
        cause: String,
    },
    /// The repository cannot be read at all.
    #[error("git repository {repository} cannot be read: {cause}")]
    Unreadable {
        /// The repository.
        repository: RepositoryName,
        /// Path of it.
        path: PathBuf,
        /// Reason.
        cause: String,
    },
}

impl Gap {
    /// The repository that it is about, where one is known.
    #[must_use]
    pub fn repository(&self) -> Option<&RepositoryName> {
        match self {
            Self::NoRepository { .. } => None,
            Self::NotFetched { repository }
            | Self::NoClone { repository, .. }
            | Self::Shallow { repository, .. }
            | Self::NotFound { repository, .. }
            | Self::Ambiguous { repository, .. }
            | Self::LostAlternates { repository, .. }
            | Self::Incomplete { repository, .. }
            | Self::Unreadable { repository, .. } => Some(repository),
        }
    }
}

impl Serialize for Gap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
