//! Details about flags: for whom they are on.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// Callers for whom a flag is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(enum)]
#[repr(u8)]
pub enum State {
    /// On for everybody.
    #[component(name = "on")]
    On,
    /// Off for everybody.
    #[component(name = "off")]
    Off,
    /// On for some, by rules.
    #[component(name = "some")]
    Some,
    /// Unknown: its definition cannot be read, or code decides.
    #[component(name = "unknown")]
    Unknown,
}

/// A flag, and for whom it is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct FlagState {
    /// The flag's name.
    pub key: String,
    /// Callers for whom it is on.
    pub state: State,
    /// The rules that choose for whom, as the flag system has them: JSON.
    pub targeting: Option<String>,
    /// The values that it can serve, as JSON; the default first.
    pub values: Vec<String>,
    /// Origin: `flagd:…`, `env:…`.
    pub source: String,
}
