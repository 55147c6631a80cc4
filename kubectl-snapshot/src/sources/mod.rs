//! Sources of facts beside the cluster: manifests, git, registries, flag systems, signatures and
//! test reports.

mod content;
mod error;
pub mod flag_systems;
mod folder;
pub mod git;
mod input;
pub mod junit;
mod manifests;
mod passed_over;
mod plan_file;
#[cfg(any(test, fuzzing))]
pub mod readers;
pub mod registry;
pub mod signature;
#[cfg(test)]
mod tests;
mod text;

pub use content::{Content, read};
pub use error::SourceError;
pub use input::Input;
pub use passed_over::PassedOver;
pub use plan_file::{PlanSourceError, read_plan};
pub use text::{read_document, read_path, read_stdin};
