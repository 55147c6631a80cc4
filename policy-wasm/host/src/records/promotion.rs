//! Decision two: may this snapshot be promoted to this stage?

use super::{Change, Requirement, Snapshot, shared};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wasmtime::component::{ComponentType, Lower};

/// A place that snapshots are promoted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Stage {
    /// Name of the stage.
    pub name: String,
    /// The stages that come right before it.
    pub after: Vec<String>,
}

/// A snapshot was deployed at a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(record)]
pub struct Deployment {
    /// Stage.
    pub stage: String,
    /// Digest of the snapshot: `sha256:…`.
    #[component(name = "snapshot-digest")]
    pub snapshot_digest: String,
    /// Seconds since 1970.
    pub since: u64,
    /// End, in seconds since 1970; none while it still runs there.
    pub until: Option<u64>,
}

/// Outcome of a test, an approval or a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(enum)]
#[repr(u8)]
pub enum Outcome {
    /// Well.
    #[component(name = "passed")]
    Passed,
    /// Failed.
    #[component(name = "failed")]
    Failed,
}

/// A recorded fact about the candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Evidence {
    /// `test`, `approval`, `metric` or the team's own word.
    pub kind: String,
    /// Name of the test, approval or metric.
    pub name: String,
    /// Outcome.
    pub outcome: Outcome,
    /// For a metric.
    pub value: Option<f64>,
    /// The stage it was seen at, where it belongs to one.
    pub stage: Option<String>,
    /// Name of the user who recorded it.
    pub actor: String,
    /// Seconds since 1970.
    pub at: u64,
}

/// User who asks for the promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Actor {
    /// Their name, as the API server knows them.
    pub name: String,
    /// The groups they are in.
    pub groups: Vec<String>,
}

/// Question of a promotion policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct PromotionQuestion {
    /// The set to promote.
    #[serde(with = "shared")]
    pub candidate: Arc<Snapshot>,
    /// Target stage.
    pub target: Stage,
    /// Ladder: all stages.
    pub ladder: Vec<Stage>,
    /// Live set at the target.
    #[serde(with = "shared::option")]
    pub running: Option<Arc<Snapshot>>,
    /// Changes by which the running set becomes the candidate.
    #[serde(with = "shared::list")]
    pub changes: Arc<[Change]>,
    /// The candidate's requirements, resolved.
    #[serde(with = "shared::list")]
    pub requirements: Arc<[Requirement]>,
    /// Past deployments by stage, with their times.
    pub deployments: Vec<Deployment>,
    /// The recorded facts about the candidate.
    pub evidence: Vec<Evidence>,
    /// User who asks.
    pub actor: Actor,
    /// Reason, in the actor's words.
    pub reason: Option<String>,
    /// The operator's settings, JSON; `{}` where there are none.
    pub settings: String,
    /// Seconds since 1970.
    pub now: u64,
}
