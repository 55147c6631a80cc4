//! Details about the stages: what runs there, by their records.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// A set that was deployed to a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(record)]
pub struct Deployed {
    /// Digest of the set: `sha256:…`.
    #[component(name = "snapshot-digest")]
    pub snapshot_digest: String,
    /// Name that it was promoted by.
    pub name: Option<String>,
    /// Number of the record in the stage's chain.
    #[component(name = "record-number")]
    pub record_number: u64,
    /// Digest of the record: `sha256:…`.
    #[component(name = "record-digest")]
    pub record_digest: String,
    /// User who promoted it.
    pub actor: String,
    /// Seconds since 1970.
    pub at: u64,
    /// Reason why it may not be what runs.
    pub doubt: Option<String>,
}

/// A stage, with what runs there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct StageState {
    /// Name of the stage.
    pub stage: String,
    /// Set that was last deployed there whole.
    pub runs: Option<Deployed>,
}
