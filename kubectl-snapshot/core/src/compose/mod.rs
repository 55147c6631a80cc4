//! Composition: a candidate made of a base set and changes, without a cluster.
//!
//! The manifests are what is changed, and the set is assembled from them anew, as a capture of what
//! they would run has it: image, tag, commit, version and flags cannot disagree, and applying the
//! candidate writes what it says.

mod address;
mod draft;
mod drafts;
mod error;
mod image_change;
mod members;
mod mixing;
mod source;
mod switching;
mod taking;
mod target;
#[cfg(test)]
mod tests;
mod wanted;

pub use address::Address;
pub use draft::{Composed, Draft};
pub use drafts::{Drafts, Home};
pub use error::ComposeError;
pub use image_change::{Aim, NewImage};
pub use mixing::{Difference, Mixing};
pub use source::Source;
pub use target::{NotATarget, Target};
pub use wanted::{NotWanted, Wanted};
