//! Stages: where snapshots go, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    cluster_namespace::ClusterNamespace,
    name::{SetName, StageName},
    parts::{Namespaces, PartName},
    pin::Pin,
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
}

/// Error: stages make no ladder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LadderError {
    /// A stage comes after one that is not there.
    #[error("stage {stage} comes after {missing}, and there is no stage {missing}")]
    Missing {
        /// The stage.
        stage: StageName,
        /// The one before it.
        missing: StageName,
    },
    /// A stage comes after itself.
    #[error("stage {0} would come after itself")]
    Circle(StageName),
}

impl Stage {
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

/// Sorts stages so that each comes after those before it, and else by name.
pub fn in_order(stages: Vec<Stage>) -> Result<Vec<Stage>, LadderError> {
    let mut waiting: BTreeMap<StageName, Stage> =
        stages.into_iter().map(|stage| (stage.name.clone(), stage)).collect();
    for stage in waiting.values() {
        if let Some(missing) = stage.after.iter().find(|name| !waiting.contains_key(*name)) {
            return Err(LadderError::Missing {
                stage: stage.name.clone(),
                missing: missing.clone(),
            });
        }
    }
    let mut ordered: Vec<Stage> = Vec::new();
    let mut placed: BTreeSet<StageName> = BTreeSet::new();
    while !waiting.is_empty() {
        let next = waiting.values().find(|one| one.after.iter().all(|name| placed.contains(name)));
        let Some(name) = next.map(|stage| stage.name.clone()) else {
            let stuck = waiting.into_keys().next();
            return stuck.map_or(Ok(ordered), |name| Err(LadderError::Circle(name)));
        };
        ordered.extend(waiting.remove(&name));
        placed.insert(name);
    }
    Ok(ordered)
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
        }
    }

    #[test]
    fn each_comes_after_those_before_it() {
        let stages = vec![
            stage("canary", &["qa"]),
            stage("dev", &[]),
            stage("prod", &["canary", "qa"]),
            stage("qa", &["dev"]),
        ];
        let names: Vec<String> =
            in_order(stages).unwrap().iter().map(|stage| stage.name.to_string()).collect();
        assert_eq!(names, ["dev", "qa", "canary", "prod"]);
        assert_eq!(in_order(Vec::new()), Ok(Vec::new()));
    }

    #[test]
    fn a_ladder_has_no_holes_and_no_circles() {
        let error = in_order(vec![stage("prod", &["qa"])]).unwrap_err().to_string();
        assert_eq!(error, "stage prod comes after qa, and there is no stage qa");
        let circle = vec![stage("dev", &[]), stage("prod", &["qa"]), stage("qa", &["prod"])];
        assert!(matches!(in_order(circle), Err(LadderError::Circle(_))));
        let itself = vec![stage("prod", &["prod"])];
        assert_eq!(in_order(itself), Err(LadderError::Circle("prod".parse().unwrap())));
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
