//! The two decisions, and what is asked and answered in each.

use crate::digest::Digest;
use crate::records::{CompatibilityQuestion, Finding, PromotionQuestion};
use serde::Serialize;
use std::fmt;
use wasmtime::component::Lower;

/// Decision that a policy can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    /// Does this set of versions and flags work together?
    Compatibility,
    /// May this snapshot be promoted to this stage?
    Promotion,
}

impl Decision {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Compatibility, Self::Promotion];

    /// Name of its interface in the contract.
    #[must_use]
    pub fn interface(self) -> &'static str {
        match self {
            Self::Compatibility => "compatibility",
            Self::Promotion => "promotion",
        }
    }

    /// The function of that interface.
    pub(crate) fn function(self) -> &'static str {
        match self {
            Self::Compatibility => "check",
            Self::Promotion => "review",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.interface())
    }
}

/// Return value of a decision.
pub(crate) type Answer = Result<Vec<Finding>, String>;

/// Question of a decision.
pub(crate) trait Question: Lower + Serialize + Sync {
    const DECISION: Decision;

    /// Time of the question, at which the clocks stand, in seconds since 1970.
    fn now(&self) -> u64;

    /// Digest of the question.
    fn digest(&self) -> Digest {
        Digest::of_json(self)
    }
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
