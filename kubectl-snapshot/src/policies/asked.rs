//! Questions for policies.

use std::borrow::Cow;

use serde_json::Value;
use snapshot_core::{
    diff,
    policy::{Decision, Settings},
    promotion::Promotion,
    requirement::{self, Resolved},
    snapshot::Snapshot,
};
use snapshot_policy_host::records::{self, CompatibilityQuestion, PromotionQuestion};

use super::{changes, question};

/// The facts that every question begins with.
#[derive(Debug)]
pub struct Facts<'a> {
    /// Name of the candidate, as the user gave it.
    pub name: &'a str,
    /// The set that would run.
    pub candidate: &'a Snapshot,
    /// Live set where the candidate would go, and its name as the user gave it.
    pub running: Option<(&'a str, &'a Snapshot)>,
    /// Seconds since 1970: the policies' clock.
    pub now: u64,
}

/// A question, in the contract's words.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Does this set of versions and flags work together?
    Compatibility(Box<CompatibilityQuestion>),
    /// May this snapshot be promoted to this stage?
    Promotion(Box<PromotionQuestion>),
}

/// Error: a recorded question cannot be asked again.
#[derive(Debug, thiserror::Error)]
#[error("it holds no question of this contract: {0}")]
pub struct NotAQuestion(serde_json::Error);

impl Question {
    /// Does this set work together?
    #[must_use]
    pub fn compatibility(facts: &Facts<'_>) -> Self {
        Self::Compatibility(Box::new(CompatibilityQuestion {
            candidate: question::snapshot(facts.name, facts.candidate),
            running: facts.running.map(|(name, running)| question::snapshot(name, running)),
            changes: changes_of(facts),
            requirements: requirements_of(facts),
            settings: Settings::default().to_json(),
            now: facts.now,
        }))
    }

    /// May it be promoted?
    #[must_use]
    pub fn promotion(facts: &Facts<'_>, promotion: &Promotion) -> Self {
        Self::Promotion(Box::new(PromotionQuestion {
            candidate: question::snapshot(facts.name, facts.candidate),
            target: question::stage(&promotion.target),
            ladder: promotion.ladder.iter().map(question::stage).collect(),
            running: facts.running.map(|(name, running)| question::snapshot(name, running)),
            changes: changes_of(facts),
            requirements: requirements_of(facts),
            deployments: promotion.deployments.iter().map(question::deployment).collect(),
            evidence: promotion.evidence.iter().map(question::evidence).collect(),
            actor: question::actor(&promotion.actor),
            reason: promotion.reason.clone(),
            settings: Settings::default().to_json(),
            now: facts.now,
        }))
    }

    /// Reads a question as [`Question::to_value`] wrote it.
    pub fn from_value(decision: Decision, value: &Value) -> Result<Self, NotAQuestion> {
        use serde::Deserialize as _;
        match decision {
            Decision::Promotion => {
                PromotionQuestion::deserialize(value).map(|one| Self::Promotion(Box::new(one)))
            }
            Decision::Compatibility => CompatibilityQuestion::deserialize(value)
                .map(|one| Self::Compatibility(Box::new(one))),
        }
        .map_err(NotAQuestion)
    }

    /// The question as machines read it, member by member as the contract has it.
    ///
    /// # Panics
    /// Never: it consists of texts, numbers and lists.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Compatibility(question) => serde_json::to_value(question),
            Self::Promotion(question) => serde_json::to_value(question),
        }
        .expect("a question can always be written")
    }

    /// The settings in it.
    #[must_use]
    pub fn settings(&self) -> &str {
        match self {
            Self::Compatibility(question) => &question.settings,
            Self::Promotion(question) => &question.settings,
        }
    }

    /// Copy of the question with settings.
    #[must_use]
    pub fn with(&self, settings: &Settings) -> Cow<'_, Self> {
        let settings = settings.to_json();
        if settings == self.settings() {
            return Cow::Borrowed(self);
        }
        let mut question = self.clone();
        match &mut question {
            Self::Compatibility(question) => question.settings = settings,
            Self::Promotion(question) => question.settings = settings,
        }
        Cow::Owned(question)
    }

    /// Type of decision.
    #[must_use]
    pub fn decision(&self) -> Decision {
        match self {
            Self::Compatibility(_) => Decision::Compatibility,
            Self::Promotion(_) => Decision::Promotion,
        }
    }
}

fn changes_of(facts: &Facts<'_>) -> Vec<records::Change> {
    let Some((name, running)) = facts.running else { return Vec::new() };
    let diff = diff::compare([name, facts.name], running, facts.candidate);
    let mut changes = changes::changes(&diff, &facts.candidate.spec);
    changes.extend(changes::of_pods(&running.spec, &facts.candidate.spec));
    changes
}

fn requirements_of(facts: &Facts<'_>) -> Vec<records::Requirement> {
    let resolved: Vec<Resolved> = requirement::resolve(&facts.candidate.spec);
    resolved.into_iter().map(question::requirement).collect()
}
