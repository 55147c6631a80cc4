//! Decision two: may this snapshot be promoted to this stage?

use super::{Change, Requirement, Snapshot};
use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// A place that snapshots are promoted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// The stages that come right before it.
    pub after: Vec<String>,
}

/// A snapshot was deployed at a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(record)]
pub struct Deployment {
    /// Where.
    pub stage: String,
    /// What, as `sha256:…`.
    #[component(name = "snapshot-digest")]
    pub snapshot_digest: String,
    /// Seconds since 1970.
    pub since: u64,
    /// None while it still runs there.
    pub until: Option<u64>,
}

/// How a test, an approval or a measurement ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(enum)]
#[repr(u8)]
pub enum Outcome {
    /// Well.
    #[component(name = "passed")]
    Passed,
    /// Not well.
    #[component(name = "failed")]
    Failed,
}

/// A recorded fact about the candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Evidence {
    /// `test`, `approval`, `metric` or the team's own word.
    pub kind: String,
    /// What was tested, approved or measured.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// For a metric.
    pub value: Option<f64>,
    /// The stage it was seen at, where it belongs to one.
    pub stage: Option<String>,
    /// Who recorded it.
    pub actor: String,
    /// Seconds since 1970.
    pub at: u64,
}

/// Who asks for the promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Actor {
    /// Their name, as the API server knows them.
    pub name: String,
    /// The groups they are in.
    pub groups: Vec<String>,
}

/// What a promotion policy is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct PromotionQuestion {
    /// The set to promote.
    pub candidate: Snapshot,
    /// Where to.
    pub target: Stage,
    /// All stages.
    pub ladder: Vec<Stage>,
    /// What runs at the target now.
    pub running: Option<Snapshot>,
    /// From running to candidate.
    pub changes: Vec<Change>,
    /// The candidate's requirements, resolved.
    pub requirements: Vec<Requirement>,
    /// What was deployed where, and when.
    pub deployments: Vec<Deployment>,
    /// The recorded facts about the candidate.
    pub evidence: Vec<Evidence>,
    /// Who asks.
    pub actor: Actor,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// The operator's settings, JSON; `{}` where there are none.
    pub settings: String,
    /// Seconds since 1970.
    pub now: u64,
}
