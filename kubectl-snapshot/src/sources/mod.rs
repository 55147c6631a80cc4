//! Where facts come from that no cluster tells: manifests and flag systems.

mod content;
mod error;
pub mod flags;
mod manifests;
#[cfg(test)]
mod tests;
mod text;

pub use content::{Content, read};
pub use error::SourceError;
pub use text::{Input, read_document, read_path};
