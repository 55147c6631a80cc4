//! Questions for policies.

use std::{borrow::Cow, sync::Arc};

use serde::Deserialize as _;
use serde_json::Value;
use snapshot_core::{
    ancestry::Ancestry,
    diff,
    name::StageName,
    policy::{Decision, Settings},
    promotion::{Actor, Promotion, StageRef},
    requirement::{self, Resolved},
    snapshot::Snapshot,
};
use snapshot_policy_host::records::{self, CompatibilityQuestion, Details, PromotionQuestion};

use super::{Captured, Facts, Lookup, Wanted, changes, question};

/// The member of a question's JSON that has its details.
const DETAILS: &str = "details";

/// A question, in the contract's words, and the details that policies look up beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub(super) words: Words,
    pub(super) details: Arc<Details>,
}

/// A question of either decision, in the contract's words.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Words {
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
        Self::from(Words::Compatibility(Box::new(CompatibilityQuestion {
            candidate: question::snapshot(facts.name, facts.candidate),
            running: facts.running.map(|(name, running)| question::snapshot(name, running)),
            changes: changes_of(facts),
            requirements: requirements_of(facts),
            settings: Settings::default().to_json(),
            now: facts.now,
        })))
    }

    /// May it be promoted?
    #[must_use]
    pub fn promotion(facts: &Facts<'_>, promotion: &Promotion) -> Self {
        Self::from(Words::Promotion(Box::new(PromotionQuestion {
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
        })))
    }

    /// A question about nothing; `stage` is where something would be promoted to.
    ///
    /// # Panics
    /// Never: the name that stands for any stage can be one.
    #[must_use]
    pub fn empty(decision: Decision, stage: Option<&StageName>, now: u64) -> Self {
        let (nothing, ancestry) = (Snapshot::default(), Ancestry::default());
        let facts = Facts {
            ancestry: &ancestry,
            name: "nothing",
            candidate: &nothing,
            running: None,
            now,
            captured: Captured::default(),
            place: None,
            past: None,
        };
        match (decision, stage) {
            (Decision::Compatibility, _) => Self::compatibility(&facts),
            (Decision::Promotion, stage) => {
                let any = || "stage".parse().expect("it is a name");
                let name = stage.cloned().unwrap_or_else(any);
                let target = StageRef { name, after: Vec::new() };
                Self::promotion(
                    &facts,
                    &Promotion {
                        ladder: vec![target.clone()],
                        target,
                        deployments: Vec::new(),
                        evidence: Vec::new(),
                        actor: Actor { name: "nobody".to_owned(), groups: Vec::new() },
                        reason: None,
                    },
                )
            }
        }
    }

    /// Adds the details that are wanted, and not in it yet.
    #[must_use]
    pub fn tell(mut self, facts: &dyn Lookup, wanted: &Wanted) -> Self {
        if !wanted.topics.is_empty() {
            let details = Arc::make_mut(&mut self.details);
            for topic in &wanted.topics {
                facts.add(details, *topic, wanted);
            }
        }
        self
    }

    /// Reads a question as [`Question::to_value`] wrote it.
    pub fn from_value(decision: Decision, value: &Value) -> Result<Self, NotAQuestion> {
        let details = value.get(DETAILS).map(Details::deserialize).transpose();
        let details = details.map_err(NotAQuestion)?.unwrap_or_default();
        let words = match decision {
            Decision::Promotion => {
                PromotionQuestion::deserialize(value).map(|one| Words::Promotion(Box::new(one)))
            }
            Decision::Compatibility => CompatibilityQuestion::deserialize(value)
                .map(|one| Words::Compatibility(Box::new(one))),
        };
        let words = words.map_err(NotAQuestion)?;
        Ok(Self { words, details: Arc::new(details) })
    }

    /// The question as machines read it, member by member as the contract has it; with the
    /// details, where policies look any up.
    ///
    /// # Panics
    /// Never: it consists of texts, numbers and lists.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut value = match &self.words {
            Words::Compatibility(question) => serde_json::to_value(question),
            Words::Promotion(question) => serde_json::to_value(question),
        }
        .expect("a question can always be written");
        if !self.details.is_empty() {
            value[DETAILS] =
                serde_json::to_value(&*self.details).expect("details can always be written");
        }
        value
    }

    /// The settings in it.
    #[must_use]
    pub fn settings(&self) -> &str {
        match &self.words {
            Words::Compatibility(question) => &question.settings,
            Words::Promotion(question) => &question.settings,
        }
    }

    /// The question with settings: the sets are shared, and not copied.
    #[must_use]
    pub fn with(&self, settings: &Settings) -> Cow<'_, Self> {
        let settings = settings.to_json();
        if settings == self.settings() {
            return Cow::Borrowed(self);
        }
        let mut question = self.clone();
        match &mut question.words {
            Words::Compatibility(question) => question.settings = settings,
            Words::Promotion(question) => question.settings = settings,
        }
        Cow::Owned(question)
    }

    /// Type of decision.
    #[must_use]
    pub fn decision(&self) -> Decision {
        match &self.words {
            Words::Compatibility(_) => Decision::Compatibility,
            Words::Promotion(_) => Decision::Promotion,
        }
    }
}

impl From<Words> for Question {
    fn from(words: Words) -> Self {
        Self { words, details: Arc::default() }
    }
}

fn changes_of(facts: &Facts<'_>) -> Arc<[records::Change]> {
    let Some((name, running)) = facts.running else { return Arc::default() };
    let diff = diff::compare([name, facts.name], running, facts.candidate);
    let diff = diff.ordered_by(facts.ancestry);
    let mut changes = changes::changes(&diff, &facts.candidate.spec);
    changes::keep_what_stays(&mut changes, facts.place.as_ref());
    changes.extend(changes::of_pods(&running.spec, &facts.candidate.spec, facts.ancestry));
    changes.into()
}

fn requirements_of(facts: &Facts<'_>) -> Arc<[records::Requirement]> {
    // What stays at the place has to have what it needs as well.
    let will_run = facts.place.and_then(|place| place.will_run);
    let set = will_run.unwrap_or(&facts.candidate.spec);
    let resolved: Vec<Resolved> = requirement::resolve_against(set, set, facts.ancestry);
    resolved.into_iter().map(question::requirement).collect()
}
