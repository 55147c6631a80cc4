//! What is true without a cluster: no network, no files, no terminal.

pub mod artifact;
pub mod assembly;
pub mod canonical;
pub mod diff;
pub mod digest;
pub mod document;
pub mod evidence;
pub mod flag;
pub mod image;
pub mod learn;
pub mod manifest;
pub mod name;
pub mod plan;
pub mod policy;
pub mod promotion;
pub mod record;
pub mod reference;
pub mod requirement;
pub mod signature;
pub mod snapshot;
pub mod stage;
pub mod tree;
pub mod variable;
pub mod verdict;
pub mod version;
pub mod visible;
