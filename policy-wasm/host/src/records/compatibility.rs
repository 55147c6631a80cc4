//! Decision one: does this set of versions and flags work together?

use super::{Change, Requirement, Snapshot};
use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// Question of a compatibility policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct CompatibilityQuestion {
    /// The set to judge.
    pub candidate: Snapshot,
    /// Live set where the candidate would go: during a rollout both serve.
    pub running: Option<Snapshot>,
    /// Changes by which the running set becomes the candidate.
    pub changes: Vec<Change>,
    /// The candidate's requirements, resolved.
    pub requirements: Vec<Requirement>,
    /// The operator's settings, JSON; `{}` where there are none.
    pub settings: String,
    /// Seconds since 1970.
    pub now: u64,
}
