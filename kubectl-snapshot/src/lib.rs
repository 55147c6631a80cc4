//! The kubectl plugin that captures, compares, checks and applies snapshots:
//! the sets of versions, variables and feature flags that work together.
//!
//! Arrows point one way: `commands` call the edges (`cluster`, `store`,
//! `sources`, `policies`, `render`, `ui`), and all of them stand on the crate
//! [`snapshot_core`], which knows none of them. Below all of them lie `blocking` work and result
//! `files`.
#![expect(
    unreachable_pub,
    reason = "the plugin is a program: its rooms are private, their items plain `pub`"
)]
#![warn(clippy::missing_docs_in_private_items)]

mod blocking;
mod cluster;
mod commands;
mod files;
mod policies;
mod render;
pub mod run;
mod sources;
mod store;
mod ui;
