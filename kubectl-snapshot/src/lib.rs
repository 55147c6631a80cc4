//! The kubectl plugin that captures, compares, checks and applies snapshots:
//! the sets of versions, variables and feature flags that work together.
//!
//! Arrows point one way: [`commands`] call the edges (`cluster`, `store`,
//! `sources`, `policies`, `render`, `ui`), and all of them know [`domain`],
//! which knows none of them.

pub mod cluster;
pub mod commands;
pub mod domain;
pub mod policies;
pub mod render;
pub mod run;
pub mod sources;
pub mod store;
pub mod ui;
