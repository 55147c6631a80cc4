//! Details about what stays beside a candidate.

use super::{Instance, State};
use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// Flag that stays where the candidate would go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct ResidentFlag {
    /// The flag's name.
    pub key: String,
    /// Service that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Callers for whom it is on.
    pub state: State,
    /// The rules that choose for whom, as the flag system has them: JSON.
    pub targeting: Option<String>,
    /// The values that it can serve, as JSON; the default first.
    pub values: Vec<String>,
    /// Origin: `flagd:…`, `env:…`.
    pub source: String,
}

/// Instances and flags that stay where the candidate would go, and are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Beside {
    /// Sorted by service, then name.
    #[serde(default)]
    pub instances: Vec<Instance>,
    /// Sorted by key.
    #[serde(default)]
    pub feature_flags: Vec<ResidentFlag>,
}
