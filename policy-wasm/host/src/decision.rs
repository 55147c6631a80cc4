//! The two decisions, and what is asked and answered in each.

use crate::hashing;
use crate::records::{
    Change, CompatibilityByLookUps, CompatibilityQuestion, Finding, PromotionByLookUps,
    PromotionQuestion, Requirement, Seen, Snapshot,
};
use crate::sets::Sets;
use serde::Serialize;
use snapshot_core::digest::Digest;
use snapshot_core::policy::Decision;
use std::sync::Arc;
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
    /// The question of a policy that looks the sets up.
    type ByLookUps: Lower + Serialize + Sync;

    /// Time of the question, at which the clocks stand, in seconds since 1970.
    fn now(&self) -> u64;

    /// The question without the lists of the sets.
    fn by_look_ups(&self) -> Self::ByLookUps;

    /// The sets that it is about.
    fn sets(&self) -> Sets;

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
    type ByLookUps = CompatibilityByLookUps;

    fn now(&self) -> u64 {
        self.now
    }

    fn by_look_ups(&self) -> CompatibilityByLookUps {
        CompatibilityByLookUps { settings: self.settings.clone(), now: self.now }
    }

    fn sets(&self) -> Sets {
        sets(&self.candidate, self.running.as_ref(), &self.changes, &self.requirements)
    }
}

impl Question for PromotionQuestion {
    const DECISION: Decision = Decision::Promotion;
    type ByLookUps = PromotionByLookUps;

    fn now(&self) -> u64 {
        self.now
    }

    fn by_look_ups(&self) -> PromotionByLookUps {
        PromotionByLookUps {
            target: self.target.clone(),
            ladder: self.ladder.clone(),
            deployments: self.deployments.clone(),
            evidence: self.evidence.clone(),
            actor: self.actor.clone(),
            reason: self.reason.clone(),
            settings: self.settings.clone(),
            now: self.now,
        }
    }

    fn sets(&self) -> Sets {
        sets(&self.candidate, self.running.as_ref(), &self.changes, &self.requirements)
    }
}

fn sets(
    candidate: &Arc<Snapshot>,
    running: Option<&Arc<Snapshot>>,
    changes: &Arc<[Change]>,
    requirements: &Arc<[Requirement]>,
) -> Sets {
    let (changes, requirements) = (Arc::clone(changes), Arc::clone(requirements));
    Sets::new(Arc::clone(candidate), running.cloned(), changes, requirements)
}
