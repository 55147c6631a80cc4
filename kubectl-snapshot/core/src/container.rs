//! Containers by the images that they run.

use crate::{
    image::ImageReference,
    snapshot::Container,
    version::{commit_of, semver_of},
};

/// A container that runs an image, with what the tag tells of it; nothing else is known.
#[must_use]
pub fn of_reference(image: ImageReference) -> Container {
    let tag = image.tag.as_deref();
    Container {
        commit: tag.and_then(commit_of).map(str::to_owned),
        version: tag.and_then(semver_of).map(|version| version.to_string()),
        image: image.repository,
        digest: image.digest,
        tag: image.tag,
        ..Container::default()
    }
}

/// A container that runs an image as a pod names it, which may be a text that is no reference.
#[must_use]
pub fn of_text(image: &str) -> Container {
    let no_reference = || ImageReference { repository: image.to_owned(), tag: None, digest: None };
    of_reference(image.parse().unwrap_or_else(|_| no_reference()))
}
