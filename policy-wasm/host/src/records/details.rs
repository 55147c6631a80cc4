//! Details that a policy may look up beside its question.

use super::{FlagState, InstanceImages, InstanceVariables};
use serde::{Deserialize, Serialize};

/// One of the interfaces by which details are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Images: as they ran, and as they will be written.
    Images,
    /// The environment that pods will have.
    Environment,
    /// For whom flags are on.
    FlagStates,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 3] = [Self::Images, Self::Environment, Self::FlagStates];

    /// Name of its interface in the contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Environment => "environment",
            Self::FlagStates => "flag-states",
        }
    }
}

/// Details beside a question. Each list is sorted by its names; one that is absent is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Details {
    /// Images of the candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<Vec<InstanceImages>>,
    /// Environment of the candidate's pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Vec<InstanceVariables>>,
    /// Flags of the candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag_states: Option<Vec<FlagState>>,
}

impl Details {
    /// True if nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { images, environment, flag_states } = self;
        images.is_none() && environment.is_none() && flag_states.is_none()
    }

    /// Those of some topics.
    pub(crate) fn about(&self, topics: &[Topic]) -> Seen<'_> {
        let is_one = |topic: Topic| topics.contains(&topic);
        Seen {
            images: self.images.as_deref().filter(|_| is_one(Topic::Images)),
            environment: self.environment.as_deref().filter(|_| is_one(Topic::Environment)),
            flag_states: self.flag_states.as_deref().filter(|_| is_one(Topic::FlagStates)),
        }
    }
}

/// The details that a policy can see.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Seen<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    images: Option<&'a [InstanceImages]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'a [InstanceVariables]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flag_states: Option<&'a [FlagState]>,
}

impl Seen<'_> {
    /// True if there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.images.is_none() && self.environment.is_none() && self.flag_states.is_none()
    }
}
