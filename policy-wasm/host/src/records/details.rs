//! Details that a policy may look up beside its question.

use super::{
    Beside, Captures, ConfigMap, Fact, FlagState, InstanceImages, InstanceVariables, Instances,
    Routes, StageState,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One of the interfaces by which details are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Images: as they ran, and as they will be written.
    Images,
    /// The environment that pods will have.
    Environment,
    /// For whom flags are on.
    FlagStates,
    /// Captures of the sets: by whom, when and why.
    Captures,
    /// `ConfigMap`s that the binding names.
    ConfigMaps,
    /// Instances beyond their record.
    Instances,
    /// Stages, with what runs there.
    Stages,
    /// Recorded facts about the candidate, whole.
    Facts,
    /// Instances and flags that stay beside the candidate.
    Beside,
    /// Routes: how requests are shared among instances.
    Routes,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 10] = [
        Self::Images,
        Self::Environment,
        Self::FlagStates,
        Self::Captures,
        Self::ConfigMaps,
        Self::Instances,
        Self::Stages,
        Self::Facts,
        Self::Beside,
        Self::Routes,
    ];

    /// Name of its interface in the contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Environment => "environment",
            Self::FlagStates => "flag-states",
            Self::Captures => "captures",
            Self::ConfigMaps => "config-maps",
            Self::Instances => "instances",
            Self::Stages => "stages",
            Self::Facts => "facts",
            Self::Beside => "beside",
            Self::Routes => "routes",
        }
    }
}

/// Details beside a question. Each list is sorted by its names; one that is absent is not known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
    /// Captures of both sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captures: Option<Captures>,
    /// `ConfigMap`s of the candidate that bindings name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_maps: Option<Vec<ConfigMap>>,
    /// Instances of both sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances: Option<Instances>,
    /// Stages of the ladder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<Vec<StageState>>,
    /// Recorded facts, in the order of the question's evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Vec<Fact>>,
    /// Instances and flags that stay beside the candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Beside>,
    /// Routes of both sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routes: Option<Routes>,
}

impl Details {
    /// True if nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Everything that one policy may look up.
#[derive(Debug, Clone, Default)]
pub struct LookUps {
    /// Details, as they are told to all policies.
    pub details: Arc<Details>,
    /// Names of the `ConfigMap`s that this policy is told of; none stands for all of the details.
    pub config_maps: Option<Vec<String>>,
}

impl LookUps {
    /// The details of some topics.
    pub(crate) fn about(&self, topics: &[Topic]) -> Seen<'_> {
        let is_one = |topic: Topic| topics.contains(&topic);
        let details = &*self.details;
        Seen {
            images: details.images.as_deref().filter(|_| is_one(Topic::Images)),
            environment: details.environment.as_deref().filter(|_| is_one(Topic::Environment)),
            flag_states: details.flag_states.as_deref().filter(|_| is_one(Topic::FlagStates)),
            captures: details.captures.as_ref().filter(|_| is_one(Topic::Captures)),
            config_maps: self.config_maps().filter(|_| is_one(Topic::ConfigMaps)),
            instances: details.instances.as_ref().filter(|_| is_one(Topic::Instances)),
            stages: details.stages.as_deref().filter(|_| is_one(Topic::Stages)),
            facts: details.facts.as_deref().filter(|_| is_one(Topic::Facts)),
            beside: details.beside.as_ref().filter(|_| is_one(Topic::Beside)),
            routes: details.routes.as_ref().filter(|_| is_one(Topic::Routes)),
        }
    }

    /// The `ConfigMap`s that this policy is told of.
    pub(crate) fn config_maps(&self) -> Option<Vec<&ConfigMap>> {
        let all = self.details.config_maps.as_ref()?;
        let is_told = |one: &&ConfigMap| {
            self.config_maps.as_ref().is_none_or(|names| names.contains(&one.name))
        };
        Some(all.iter().filter(is_told).collect())
    }
}

/// The details that a policy can see.
#[derive(PartialEq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Seen<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    images: Option<&'a [InstanceImages]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'a [InstanceVariables]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flag_states: Option<&'a [FlagState]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    captures: Option<&'a Captures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config_maps: Option<Vec<&'a ConfigMap>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instances: Option<&'a Instances>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stages: Option<&'a [StageState]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<&'a [Fact]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    beside: Option<&'a Beside>,
    #[serde(skip_serializing_if = "Option::is_none")]
    routes: Option<&'a Routes>,
}

impl Seen<'_> {
    /// True if there are none.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
