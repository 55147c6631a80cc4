//! Snapshots and everything that is true of them without a cluster: no network, no files, no
//! terminal.
//!
//! Kubernetes manifests come in as JSON and leave as [`snapshot::Snapshot`]s, [`diff::Diff`]s and
//! [`plan::Plan`]s; [`plan::gate`] makes the only value that the plugin's writer takes.

pub mod ancestry;
pub mod artifact;
pub mod assembly;
pub mod bisect;
pub mod canonical;
pub mod cluster_namespace;
pub mod compose;
pub mod container;
pub mod diff;
pub mod digest;
pub mod document;
pub mod environment;
pub mod evidence;
pub mod export;
pub mod flag;
pub mod flag_source;
pub mod flags;
pub mod git_repository;
pub mod image;
pub mod instance_name;
pub mod ladder;
pub mod learn;
pub mod manifest;
pub mod member_path;
pub mod name;
mod observed;
pub mod outcome;
pub mod owner;
pub mod parts;
pub mod pin;
pub mod plan;
pub mod policy;
pub mod promotion;
pub mod record;
pub mod reference;
pub mod requirement;
pub mod routes;
pub mod service_filter;
pub mod signature;
pub mod snapshot;
pub mod stage;
pub mod status;
pub mod tree;
pub mod unknown_fields;
pub mod variable;
pub mod verdict;
pub mod version;
pub mod via;
pub mod visible;
pub mod yaml;

/// API group of this tool's documents, annotations and rights.
pub const API_GROUP: &str = "kubectl-snapshot.dev";
