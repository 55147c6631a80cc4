//! Errors of looking for the image of a service.

use snapshot_core::ancestry::Gap;

use crate::sources::registry::RegistryError;

/// Error: no image is known that a service could run.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The registry has no such image.
    #[error("there is no image {image} in its registry, for service {service}")]
    NotThere {
        /// The service.
        service: String,
        /// The image.
        image: String,
    },
    /// The registry does not answer, or not as it should.
    #[error("the image of service {service} cannot be looked up: {error}")]
    Unasked {
        /// The service.
        service: String,
        /// Error of the registry.
        #[source]
        error: RegistryError,
    },
    /// A word that is no tag of the repository, no commit and no branch.
    #[error(
        "{word} is no tag of {repository}, and no commit or branch that git knows of {service}"
    )]
    Nothing {
        /// The word.
        word: String,
        /// Repository of the images.
        repository: String,
        /// The service.
        service: String,
        /// Reason why git does not know, where that is one.
        gap: Option<Gap>,
        /// Tags that the repository has, the most alike first.
        known: Vec<String>,
    },
    /// A branch or a commit that git does not know.
    #[error("{name} is no {kind} that git knows of {service}")]
    Unnamed {
        /// The name.
        name: String,
        /// `branch` or `commit`.
        kind: &'static str,
        /// The service.
        service: String,
        /// Reason why git does not know, where that is one.
        gap: Option<Gap>,
    },
    /// No image is known to be built from a commit.
    #[error(
        "no image of {repository} is known to be built from commit {commit}: none of its {tags} tags names it, and none of the {labelled} that were looked into has it in a label"
    )]
    NotBuilt {
        /// Repository of the images.
        repository: String,
        /// The commit.
        commit: String,
        /// Number of tags.
        tags: usize,
        /// Number of images whose labels were read.
        labelled: usize,
    },
    /// Several images are built from a commit.
    #[error("several images of {repository} are built from commit {commit}: {}", tags.join(", "))]
    SeveralBuilt {
        /// Repository of the images.
        repository: String,
        /// The commit.
        commit: String,
        /// Their tags.
        tags: Vec<String>,
    },
    /// Only a registry knows which image a branch or a commit is.
    #[error("which image {what} is, only a registry knows, and none is to be asked")]
    Offline {
        /// `branch main`, `commit 3f2a91c`.
        what: String,
    },
}
