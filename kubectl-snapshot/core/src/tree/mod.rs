//! Differences between two object trees, by the keys that Kubernetes merges by.

mod compare;
mod keys;
mod patch;
#[cfg(test)]
pub(crate) mod rfc6902;

pub use compare::{FieldChange, compare};
pub use patch::{Operation, operations};
