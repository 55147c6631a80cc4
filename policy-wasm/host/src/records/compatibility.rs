//! Decision one: does this set of versions and flags work together?

use super::{Change, Requirement, Snapshot, shared};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wasmtime::component::{ComponentType, Lower};

/// Question of a compatibility policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct CompatibilityQuestion {
    /// The set to judge.
    #[serde(with = "shared")]
    pub candidate: Arc<Snapshot>,
    /// Live set where the candidate would go: during a rollout both serve.
    #[serde(with = "shared::option")]
    pub running: Option<Arc<Snapshot>>,
    /// Changes by which the running set becomes the candidate.
    #[serde(with = "shared::list")]
    pub changes: Arc<[Change]>,
    /// The candidate's requirements, resolved.
    #[serde(with = "shared::list")]
    pub requirements: Arc<[Requirement]>,
    /// The operator's settings, JSON; `{}` where there are none.
    pub settings: String,
    /// Seconds since 1970.
    pub now: u64,
}
