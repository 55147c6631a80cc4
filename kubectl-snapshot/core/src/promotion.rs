//! What a promotion is decided on, beside the two sets.

use serde::{Deserialize, Serialize};

use super::{digest::Digest, name::StageName};

pub use super::evidence::{Ending, Evidence};

/// A place that snapshots are promoted to, and the stages right before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Its name.
    pub name: StageName,
    /// The stages that come right before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<StageName>,
}

/// A snapshot was deployed at a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Where.
    pub stage: StageName,
    /// What.
    pub snapshot: Digest,
    /// Seconds since 1970.
    pub since: u64,
    /// None while it still runs there.
    pub until: Option<u64>,
}

/// Who asks, as the API server knows them.
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
    /// Where to.
    pub target: Rung,
    /// All stages.
    pub ladder: Vec<Rung>,
    /// What was deployed where, and when.
    pub deployments: Vec<Deployment>,
    /// The recorded facts about the candidate.
    pub evidence: Vec<Evidence>,
    /// Who asks.
    pub actor: Actor,
    /// Why, in the actor's words.
    pub reason: Option<String>,
}
