//! An image that was found for a service.

use snapshot_core::compose::NewImage;

/// An image that was found for a service.
#[derive(Clone, Debug)]
pub(super) struct FoundImage {
    /// The image.
    pub(super) image: NewImage,
    /// Note on how it was found, for the reader.
    pub(super) note: Option<String>,
}
