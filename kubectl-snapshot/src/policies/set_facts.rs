//! Facts of a set, be it of one namespace or in parts.

use snapshot_core::promotion::Promotion;
use snapshot_policy_host::records::{Details, Topic};

use super::{Facts, Lookup, PartsFacts, Question, Wanted};

/// The facts that a question about a set begins with.
#[derive(Debug)]
pub enum SetFacts<'a> {
    /// Facts of the set of one namespace.
    One(Box<Facts<'a>>),
    /// Facts of a set in parts.
    Parts(Box<PartsFacts<'a>>),
}

impl SetFacts<'_> {
    /// Does this set work together?
    #[must_use]
    pub fn compatibility(&self) -> Question {
        match self {
            Self::One(facts) => Question::compatibility(facts),
            Self::Parts(facts) => facts.question(),
        }
    }

    /// May it be promoted?
    #[must_use]
    pub fn promotion(&self, promotion: &Promotion) -> Question {
        match self {
            Self::One(facts) => Question::promotion(facts, promotion),
            Self::Parts(facts) => facts.promotion(promotion),
        }
    }
}

impl Lookup for SetFacts<'_> {
    fn add(&self, details: &mut Details, topic: Topic, wanted: &Wanted) {
        match self {
            Self::One(facts) => facts.add(details, topic, wanted),
            Self::Parts(facts) => facts.add(details, topic, wanted),
        }
    }
}
