//! Details about the `ConfigMap`s that a binding names.

use super::Entry;
use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// Contents of a `ConfigMap`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Contents {
    /// Texts, sorted by key.
    pub data: Vec<Entry>,
    /// Keys of its binary data, sorted.
    pub binary: Vec<String>,
}

/// A `ConfigMap` that a binding names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct ConfigMap {
    /// Name of the object.
    pub name: String,
    /// Contents; none where the candidate has no such object.
    pub contents: Option<Contents>,
}
