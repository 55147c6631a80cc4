//! The name of an instance within its service.

use std::{borrow::Borrow, fmt};

use serde::{Deserialize, Serialize};

use super::manifest::Kind;

/// The name of an instance within its service: its workload's, after the kind's where workloads
/// of two kinds share a name (`deployment:cart`).
///
/// No name of a Kubernetes object has a colon, so that the two are told apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InstanceName(String);

impl InstanceName {
    /// The name of a workload that shares its name with one of another kind.
    #[must_use]
    pub fn with_kind(kind: Kind, workload: &str) -> Self {
        Self(format!("{}:{workload}", kind.name().to_lowercase()))
    }

    /// The name of the workload in Kubernetes.
    #[must_use]
    pub fn workload(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(_kind, workload)| workload)
    }

    /// The whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for InstanceName {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for InstanceName {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for InstanceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for InstanceName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for InstanceName {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_joins_the_name_and_leaves_it() {
        let alone = InstanceName::from("cart");
        assert_eq!((alone.as_str(), alone.workload()), ("cart", "cart"));
        let shared = InstanceName::with_kind(Kind::StatefulSet, "cart");
        assert_eq!((shared.as_str(), shared.workload()), ("statefulset:cart", "cart"));
        let json = serde_json::to_string(&shared).unwrap();
        assert_eq!(json, "\"statefulset:cart\"");
        assert_eq!(serde_json::from_str::<InstanceName>(&json).unwrap(), shared);
    }
}
