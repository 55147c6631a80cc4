//! Stages: where snapshots go.

use serde::Serialize;

use super::{
    cluster_namespace::ClusterNamespace,
    name::{SetName, StageName},
    parts::{Namespaces, PartName},
    pin::Pin,
    via::Via,
};

/// A place that snapshots go to, with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// Name of the stage.
    pub name: StageName,
    /// The namespaces, each in the cluster of a kubeconfig's context; in the store's own, where
    /// none is named.
    #[serde(flatten)]
    pub namespaces: Namespaces,
    /// The stages that come right before it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<StageName>,
    /// The variable set that it takes values from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<SetName>,
    /// The images that are written with their digests there, where that is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin: Option<Pin>,
    /// The way by which sets come there, where that is chosen; else this tool writes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<Via>,
}

impl Stage {
    /// True where the stage's own deployer brings its sets: nothing is written there, and all is
    /// waited for.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        self.via == Some(Via::Export)
    }

    /// True if a namespace is this stage's, or that of a part; `is_here` says of the name of a
    /// context whether it means the namespace's cluster, which may have several.
    #[must_use]
    pub fn is_at(&self, is_here: impl Fn(&str) -> bool, namespace: &str) -> bool {
        self.namespaces.iter().any(|(_, own)| is_it(own, &is_here, namespace))
    }

    /// The part that a namespace is here, where the stage has parts.
    #[must_use]
    pub fn part_at(&self, is_here: impl Fn(&str) -> bool, namespace: &str) -> Option<&PartName> {
        self.namespaces.iter().find(|(_, own)| is_it(own, &is_here, namespace))?.0
    }
}

fn is_it(own: &ClusterNamespace, is_here: impl Fn(&str) -> bool, namespace: &str) -> bool {
    own.namespace == namespace && own.context.as_deref().is_none_or(is_here)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(name: &str, after: &[&str]) -> Stage {
        Stage {
            name: name.parse().unwrap(),
            namespaces: name.parse().unwrap(),
            after: after.iter().map(|name| name.parse().unwrap()).collect(),
            variables: None,
            pin: None,
            via: None,
        }
    }

    #[test]
    fn a_stage_without_a_context_is_in_the_stores_cluster() {
        let (a, b) = (|context: &str| context == "kind-a", |context: &str| context == "kind-b");
        let here = stage("qa", &[]);
        assert!(here.is_at(a, "qa") && !here.is_at(a, "prod"));
        let there = Stage { namespaces: "kind-b/qa".parse().unwrap(), ..here.clone() };
        assert!(there.is_at(b, "qa") && !there.is_at(a, "qa"));
        let namespaces = "shop=shop-qa,payments=kind-b/pay-qa".parse().unwrap();
        let parts = Stage { namespaces, ..here };
        assert!(parts.is_at(a, "shop-qa") && parts.is_at(b, "pay-qa"));
        assert!(!parts.is_at(a, "pay-qa") && !parts.is_at(a, "shop"));
        assert_eq!(parts.part_at(b, "pay-qa").map(AsRef::as_ref), Some("payments"));
        assert_eq!([parts.part_at(a, "pay-qa"), there.part_at(b, "qa")], [None, None]);
    }
}
