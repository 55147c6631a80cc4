//! The two decisions, and what is asked and answered in each.

use crate::hashing;
use crate::records::{CompatibilityQuestion, Finding, PromotionQuestion, Seen};
use serde::Serialize;
use snapshot_core::digest::Digest;
use snapshot_core::policy::Decision;
use wasmtime::component::Lower;

/// The function of a decision's interface in the contract.
pub(crate) fn function(decision: Decision) -> &'static str {
    match decision {
        Decision::Compatibility => "check",
        Decision::Promotion => "review",
    }
}

/// Return value of a decision.
pub(crate) type Answer = Result<Vec<Finding>, String>;

/// Question of a decision.
pub(crate) trait Question: Lower + Serialize + Sync {
    const DECISION: Decision;

    /// Time of the question, at which the clocks stand, in seconds since 1970.
    fn now(&self) -> u64;

    /// Digest of the question, with the details that are seen beside it.
    fn digest(&self, details: &Seen<'_>) -> Digest
    where
        Self: Sized,
    {
        if details.is_empty() {
            return hashing::of_json(self);
        }
        hashing::of_json(&WithDetails { question: self, details })
    }
}

/// A question, and what is seen beside it.
#[derive(Serialize)]
struct WithDetails<'a, Q> {
    question: &'a Q,
    details: &'a Seen<'a>,
}

impl Question for CompatibilityQuestion {
    const DECISION: Decision = Decision::Compatibility;

    fn now(&self) -> u64 {
        self.now
    }
}

impl Question for PromotionQuestion {
    const DECISION: Decision = Decision::Promotion;

    fn now(&self) -> u64 {
        self.now
    }
}
