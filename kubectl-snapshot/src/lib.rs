//! The kubectl plugin that captures, compares, checks and applies snapshots:
//! the sets of versions, variables and feature flags that work together.
//!
//! Arrows point one way: `commands`, and the `doctor` beside them, call the
//! application, `app`, which calls the edges (`cluster`, `store`, `sources`,
//! `policies`); what it returns is shown by `render` and `ui`. All of them stand
//! on the crate [`snapshot_core`], which knows none of them. Below all of them
//! lie `blocking` work, the `causes` of errors, result `files`, and what libraries' `panics` stand for. Which flag or command
//! helps against an error is known to the `advice` of the command line alone.
#![expect(
    unreachable_pub,
    reason = "the plugin is a program: its rooms are private, their items plain `pub`"
)]
#![warn(clippy::missing_docs_in_private_items)]

mod advice;
mod app;
mod blocking;
mod causes;
mod cluster;
mod commands;
mod doctor;
mod files;
mod panics;
mod policies;
#[cfg(any(test, fuzzing))]
pub mod readers;
mod render;
pub mod run;
mod sources;
mod store;
mod ui;
