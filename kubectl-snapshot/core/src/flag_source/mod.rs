//! Flag systems that serve their flags over the network, and the places whose flags they have.
//!
//! A source names no credentials: the environment variable that holds a token follows from the
//! source's name, and a Secret says itself where its token may be sent.

mod place;
mod secret;
mod seen;
mod url;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use place::Place;
pub use secret::{NotASecret, SecretRef};
pub use seen::SeenFlags;
pub use url::{FlagsUrl, NotAFlagsUrl};

use crate::{
    cluster_namespace::ClusterNamespace,
    name::{FlagSourceName, StageName},
};

/// Beginnings of the environment variables that may hold tokens: to read with, and an admin's.
const TOKEN: &str = "KUBECTL_SNAPSHOT_TOKEN_";
const ADMIN_TOKEN: &str = "KUBECTL_SNAPSHOT_ADMIN_TOKEN_";

/// A flag system that is asked over the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SystemType {
    /// Unleash: one environment of its projects.
    Unleash,
    /// Flipt v2: one namespace of an environment.
    Flipt,
}

/// Error: a text is no type of a flag system.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no type of a flag system: expected {all}", all = SystemType::ALL.map(SystemType::word).join(" or "))]
pub struct NotASystemType(String);

impl SystemType {
    /// Every type.
    pub const ALL: [Self; 2] = [Self::Unleash, Self::Flipt];

    /// The word for it, in which the sources of its flags begin.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unleash => "unleash",
            Self::Flipt => "flipt",
        }
    }
}

impl fmt::Display for SystemType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for SystemType {
    type Err = NotASystemType;

    fn from_str(text: &str) -> Result<Self, NotASystemType> {
        let found = Self::ALL.into_iter().find(|one| one.word() == text);
        found.ok_or_else(|| NotASystemType(text.chars().take(80).collect()))
    }
}

/// A flag system, and the places whose flags it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlagSource {
    /// Name of the source.
    pub name: FlagSourceName,
    /// The flag system.
    #[serde(rename = "type")]
    pub system: SystemType,
    /// Address of it.
    pub url: FlagsUrl,
    /// The stages and namespaces whose flags are there.
    pub at: Vec<Place>,
    /// Environment of the flag system; where none is named, that of Unleash's token, and Flipt's
    /// default one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Project of Unleash; where none is named, those of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Namespace of Flipt; `default` where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The Secret that holds a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretRef>,
}

impl FlagSource {
    /// True if the flags of a namespace are there; `is_here` says of the name of a context whether
    /// it means the namespace's cluster, and `is_stage` of a stage whether the namespace is its.
    #[must_use]
    pub fn is_at(
        &self,
        namespace: &str,
        is_here: impl Fn(&str) -> bool,
        is_stage: impl Fn(&StageName) -> bool,
    ) -> bool {
        self.at.iter().any(|place| match place {
            Place::Stage(stage) => is_stage(stage),
            Place::Namespace(ClusterNamespace { context, namespace: own }) => {
                own == namespace && context.as_deref().is_none_or(&is_here)
            }
        })
    }

    /// True of an environment variable that may hold a token of some source.
    #[must_use]
    pub fn is_token_variable(name: &str) -> bool {
        [TOKEN, ADMIN_TOKEN].iter().any(|beginning| name.starts_with(beginning))
    }

    /// The environment variable that may hold its token.
    #[must_use]
    pub fn token_variable(&self) -> String {
        Self::token_variable_of(&self.name)
    }

    /// The environment variable that may hold the token of a source of that name.
    #[must_use]
    pub fn token_variable_of(name: &FlagSourceName) -> String {
        format!("{TOKEN}{}", in_a_variable(name))
    }

    /// The environment variable that may hold the token to switch with, of a source of that name.
    #[must_use]
    pub fn admin_token_variable_of(name: &FlagSourceName) -> String {
        format!("{ADMIN_TOKEN}{}", in_a_variable(name))
    }

    /// The environment variable that may hold the token to switch with.
    #[must_use]
    pub fn admin_token_variable(&self) -> String {
        Self::admin_token_variable_of(&self.name)
    }

    /// True if a stage is among its places.
    #[must_use]
    pub fn is_at_stages(&self) -> bool {
        self.at.iter().any(|place| matches!(place, Place::Stage(_)))
    }

    /// The namespace of Flipt that its flags are in.
    #[must_use]
    pub fn flipt_namespace(&self) -> &str {
        self.namespace.as_deref().unwrap_or("default")
    }

    /// The origin that its flags have in a set. It is the same wherever the set runs, so that one
    /// set has one digest: neither the address nor the environment is in it.
    #[must_use]
    pub fn origin(&self) -> String {
        match self.system {
            SystemType::Unleash => self.system.word().to_owned() + ":",
            SystemType::Flipt => format!("{}:{}", self.system, self.flipt_namespace()),
        }
    }
}

fn in_a_variable(name: &FlagSourceName) -> String {
    name.as_ref().to_ascii_uppercase().replace(['-', '.'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, at: &[&str]) -> FlagSource {
        FlagSource {
            name: name.parse().unwrap(),
            system: SystemType::Unleash,
            url: "https://unleash.example".parse().unwrap(),
            at: at.iter().map(|place| place.parse().unwrap()).collect(),
            environment: None,
            project: None,
            namespace: None,
            secret: None,
        }
    }

    #[test]
    fn a_source_is_at_its_namespaces_and_those_of_its_stages() {
        let one = source("prod-unleash", &["prod", "stage:qa", "kind-b/dev"]);
        let at = |context: &str, namespace: &str| {
            let is_stage = |stage: &StageName| stage.as_ref() == "qa" && namespace == "shop-qa";
            one.is_at(namespace, |here| here == context, is_stage)
        };
        assert!(at("kind-a", "prod") && at("kind-a", "shop-qa") && at("kind-b", "dev"));
        assert!(!at("kind-a", "dev") && !at("kind-a", "qa"));
    }

    #[test]
    fn the_variable_of_a_token_follows_from_the_name() {
        let variable = source("prod-unleash.eu", &[]).token_variable();
        assert_eq!(variable, "KUBECTL_SNAPSHOT_TOKEN_PROD_UNLEASH_EU");
    }

    #[test]
    fn types_round_trip() {
        for one in SystemType::ALL {
            assert_eq!(one.word().parse(), Ok(one));
        }
        let error = "flagr".parse::<SystemType>().unwrap_err().to_string();
        assert_eq!(error, "\"flagr\" is no type of a flag system: expected unleash or flipt");
    }
}
