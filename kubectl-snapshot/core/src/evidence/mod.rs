//! Facts about a snapshot: a test passed, a person approved, a metric was measured.

mod check;
mod compare;
mod document;
mod measure;

use serde::{Deserialize, Serialize};

pub use check::{EvidenceError, LONGEST_TEXT};
pub use compare::{Change, Direction, EvidenceDiff, FactDiff, MetricDiff, compare};
pub use document::{EvidenceFault, read, write};
pub use measure::{Measure, NotAMeasure};

use super::name::StageName;

/// The kind of a test's result.
pub const TEST: &str = "test";
/// The kind of a person's word; its stage is the one that it is for.
pub const APPROVAL: &str = "approval";
/// The kind of a measurement.
pub const METRIC: &str = "metric";

/// The kind of one run of a command while a culprit is looked for: no test that was asked for.
pub const TRIAL: &str = "trial";

/// A recorded fact about a snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// `test`, `approval`, `metric` or the team's own word.
    pub kind: String,
    /// Name of the test, approval or metric.
    pub name: String,
    /// Outcome of the fact.
    pub outcome: Outcome,
    /// For a metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Measure>,
    /// The stage it was seen at, where it belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageName>,
    /// Name of the user who recorded it.
    pub actor: String,
    /// The groups that this user was in, as the API server said; none where nobody recorded them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// Seconds since 1970.
    pub at: u64,
    /// Detail in a sentence or two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// URL with more information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Outcome of a test, an approval or a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Well.
    Passed,
    /// Failed.
    Failed,
}

impl Outcome {
    /// `passed` or `failed`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
        }
    }
}

impl Evidence {
    /// Outcome in the word that people use for its kind.
    #[must_use]
    pub fn ended(&self) -> &'static str {
        match (self.kind.as_str(), self.outcome) {
            (APPROVAL, Outcome::Passed) => "approved",
            (APPROVAL, Outcome::Failed) => "refused",
            (METRIC, Outcome::Passed) => "measured",
            (_, outcome) => outcome.word(),
        }
    }
}
