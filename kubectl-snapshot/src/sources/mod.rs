//! Where facts come from that no cluster tells: manifests, flag systems,
//! registries and reports of tests.

mod content;
mod error;
mod folder;
pub mod junit;
mod manifests;
pub mod registry;
pub mod signature;
#[cfg(test)]
mod tests;
mod text;
mod yaml;

pub use content::{Content, read};
pub use error::SourceError;
pub use text::{Input, read_document, read_path, read_stdin};
