//! Differences between two object trees, by the keys that Kubernetes merges by.

mod compare;
mod keys;
mod patch;

pub use compare::{FieldChange, compare};
#[cfg(test)]
pub(crate) use patch::apply;
pub use patch::{Operation, operations};
