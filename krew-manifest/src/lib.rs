//! Release of the plugin: an archive for each platform, as krew unpacks them, and the
//! manifest that tells krew where they are.
//!
//! Cargo builds the plugin; this packs what it built, to the same bytes wherever and whenever
//! that happens, and fills `plugin.yaml.j2`.

mod archive;
mod completions;
mod error;
mod manifest;
mod pack;
mod platform;
pub mod plugin;
mod rules;

pub use archive::Archive;
pub use completions::completions;
pub use error::Error;
pub use manifest::{Origin, Release, fill};
pub use pack::{Input, pack};
pub use platform::{PLATFORMS, Platform};
