//! Places whose flags a system has.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

use crate::{
    cluster_namespace::ClusterNamespace,
    name::{NameError, StageName},
};

/// Prefix of a stage, to tell it from a namespace.
const STAGE: &str = "stage:";

/// A stage, or a namespace: `stage:prod`, `shop-prod`, `kind-b/shop-prod`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The namespaces that a stage has.
    Stage(StageName),
    /// A namespace.
    Namespace(ClusterNamespace),
}

impl FromStr for Place {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if let Some(stage) = text.strip_prefix(STAGE) {
            return stage.parse().map(Self::Stage);
        }
        let Ok(namespace) = text.parse::<ClusterNamespace>();
        // A namespace is spelled as a stage is.
        let _: StageName = namespace.namespace.parse()?;
        Ok(Self::Namespace(namespace))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stage(stage) => write!(f, "{STAGE}{stage}"),
            Self::Namespace(namespace) => namespace.fmt(f),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for text in ["stage:prod", "shop-prod", "kind-b/shop-prod"] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
        for text in ["", "Prod", "stage:", "stage:a/b", "kind-b/"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
