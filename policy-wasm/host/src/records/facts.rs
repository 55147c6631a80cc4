//! Details about evidence: everything that was recorded about the candidate.

use super::Outcome;
use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// A recorded fact, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Fact {
    /// `test`, `approval`, `metric` or the team's own word.
    pub kind: String,
    /// Name of the test, approval or metric.
    pub name: String,
    /// Outcome.
    pub ending: Outcome,
    /// Number of a metric.
    pub value: Option<f64>,
    /// Value of a metric as it was recorded, with its unit.
    pub measured: Option<String>,
    /// The stage it was seen at, or is for.
    pub stage: Option<String>,
    /// Name of the user who recorded it.
    pub actor: String,
    /// Groups that this user was in, where they were recorded.
    pub groups: Option<Vec<String>>,
    /// Seconds since 1970.
    pub at: u64,
    /// Words of the user: an approval's reason.
    pub detail: Option<String>,
    /// URL with more information.
    pub link: Option<String>,
}
