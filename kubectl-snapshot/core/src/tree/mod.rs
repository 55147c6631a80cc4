//! Differences between two object trees, by the keys that Kubernetes merges by.

mod changed;
mod compare;
mod keys;
mod patch;
mod revert;

pub use changed::changed;
pub(crate) use changed::unescaped;
pub(crate) use compare::member;
pub use compare::{FieldChange, compare, compare_by_place};
pub(crate) use keys::keys;
#[cfg(test)]
pub(crate) use patch::apply;
pub use patch::{Operation, operations};
pub use revert::{Overtaken, covers, revert};
