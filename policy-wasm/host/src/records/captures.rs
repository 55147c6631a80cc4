//! Details about captures: by whom, when and why.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// Capture of a set, as its document tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Capture {
    /// Name that the set is stored under.
    pub name: Option<String>,
    /// User who captured it.
    pub author: Option<String>,
    /// Seconds since 1970.
    pub at: Option<u64>,
    /// `live:CONTEXT/NAMESPACE`, or a file's name.
    pub source: Option<String>,
    /// Message of the author.
    pub message: Option<String>,
}

/// Captures of both sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captures {
    /// Capture of the candidate.
    pub candidate: Capture,
    /// Capture of what runs where it would go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Capture>,
}
