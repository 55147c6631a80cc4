//! Facts that a promotion is decided on, beside the two sets.

use serde::{Deserialize, Serialize};

use super::{digest::Digest, name::StageName};

pub use super::evidence::{Evidence, Outcome};

/// A place that snapshots are promoted to, and the stages right before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageRef {
    /// Name of the stage.
    pub name: StageName,
    /// The stages that come right before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<StageName>,
}

/// A snapshot was deployed at a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Stage.
    pub stage: StageName,
    /// Snapshot that was deployed.
    pub snapshot: Digest,
    /// Seconds since 1970.
    pub since: u64,
    /// End, in seconds since 1970; none while it still runs there.
    pub until: Option<u64>,
}

/// A stage, with what runs there by its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageState {
    /// Stage.
    pub stage: StageName,
    /// Set that was last deployed there whole.
    pub runs: Option<Standing>,
}

/// A set that stands at a stage, and the record that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The set.
    pub snapshot: Digest,
    /// Name that it was promoted by.
    pub name: Option<String>,
    /// Number of the record in the stage's chain.
    pub record: u64,
    /// Digest of the record.
    pub record_digest: Digest,
    /// User who promoted it.
    pub actor: String,
    /// Seconds since 1970.
    pub at: u64,
    /// Reason why it may not be what runs.
    pub doubt: Option<String>,
}

/// User who asks, as the API server knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Their name.
    pub name: String,
    /// The groups they are in.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// A promotion, as it is to be decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Promotion {
    /// Target stage.
    pub target: StageRef,
    /// Ladder: all stages.
    pub ladder: Vec<StageRef>,
    /// Past deployments by stage, with their times.
    pub deployments: Vec<Deployment>,
    /// The recorded facts about the candidate.
    pub evidence: Vec<Evidence>,
    /// User who asks.
    pub actor: Actor,
    /// Reason, in the actor's words.
    pub reason: Option<String>,
}
