//! Status of a stage: what runs there, beside what was last promoted.

mod behind;
mod drift;

use serde::Serialize;

pub use behind::{Behind, behind};
pub use drift::{Drift, drifts};

use crate::{name::StageName, record::SnapshotRef};

/// Status of a stage.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StageStatus {
    /// The stage.
    pub stage: String,
    /// The gravest that is true of it.
    pub state: StageState,
    /// The set that was last promoted there, by the records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotRef>,
    /// Number of the record that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// Time of that record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The stages before it that run another set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub behind: Vec<Behind>,
    /// Everything that is other than promoted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drift: Vec<Drift>,
    /// Reason why nobody knows, or what else there is to know, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// State of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StageState {
    /// In step: what was last promoted there runs, and no stage before it has gone on.
    InStep,
    /// Behind: what was last promoted there runs, and a stage before it has gone on.
    Behind,
    /// Unpromoted: the records name no set.
    Unpromoted,
    /// Drifted: something else runs than was promoted.
    Drifted,
    /// Unknown: nobody could see it, or the records cannot be believed.
    Unknown,
}

impl StageStatus {
    /// Status of a stage of which nobody knows what runs there, and why.
    #[must_use]
    pub fn unknown(stage: &impl ToString, reason: impl Into<String>) -> Self {
        Self {
            stage: stage.to_string(),
            state: StageState::Unknown,
            snapshot: None,
            record: None,
            since: None,
            behind: Vec::new(),
            drift: Vec::new(),
            notes: vec![reason.into()],
        }
    }

    /// Status of a stage by its records alone.
    #[must_use]
    pub fn recorded(stage: &StageName) -> Self {
        let notes = Vec::new();
        Self { state: StageState::Unpromoted, notes, ..Self::unknown(stage, String::new()) }
    }
}
