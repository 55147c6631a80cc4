//! Inspection of pods for what keeps a rollout from its end.

use std::collections::{BTreeMap, BTreeSet};

use snapshot_core::manifest::Kind;

use super::{
    failure::{self, Problem},
    pod::{Owner, Pod},
    refusals::refusals,
    rules::{self, PodSelector},
    waiting::Waiting,
};
use crate::cluster::{Cluster, ClusterError, Query, pages::each_item};

/// Values in one label selector: a URL that every proxy lets through.
const VALUES: usize = 100;

/// Findings of an inspection of pods.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Problem of each of the workloads.
    pub(super) problems: BTreeMap<(Kind, String), Problem>,
}

/// Looks for what keeps the waiting workloads from their ends.
pub(super) async fn inspect_pods(
    cluster: &Cluster,
    waiting: &[Waiting<'_>],
) -> Result<Found, ClusterError> {
    let mut found = Found::default();
    for waiting in waiting {
        found.keep(waiting, failure::of_workload(waiting.state));
    }
    let owners: BTreeMap<Owner, Waiting<'_>> =
        waiting.iter().filter_map(|waiting| Some((waiting.owner()?, *waiting))).collect();
    let pods = cluster.core_path("pods");
    for selector in selectors(waiting) {
        let query = Query::default().with("labelSelector", &selector);
        let take = |pods: &mut Vec<Pod>, text: &str| {
            pods.push(serde_json::from_str(text)?);
            Ok(())
        };
        let read = match each_item(cluster, &pods, &query, Vec::new(), take).await {
            // Without the right to see pods, what the workloads themselves say must do.
            Err(ClusterError::Forbidden { .. }) => break,
            read => read?.1,
        };
        for pod in read {
            let owner = pod.metadata.owner_references.iter().find_map(|owner| owners.get(owner));
            if let Some(waiting) = owner {
                found.take(waiting, &pod);
            }
        }
    }
    let unexplained: Vec<_> = waiting
        .iter()
        .filter(|waiting| !found.problems.contains_key(&waiting.key()))
        .copied()
        .collect();
    // An explanation that cannot be had is no reason to forget the others.
    for (waiting, refusal) in refusals(cluster, &unexplained).await.unwrap_or_default() {
        found.keep(&waiting, Some(refusal));
    }
    Ok(found)
}

impl Found {
    fn take(&mut self, waiting: &Waiting<'_>, pod: &Pod) {
        self.keep(waiting, waiting.report(pod));
    }

    /// Keeps the gravest problem of a workload.
    fn keep(&mut self, waiting: &Waiting<'_>, problem: Option<Problem>) {
        let Some(problem) = problem else { return };
        let kept = self.problems.entry(waiting.key()).or_insert_with(|| problem.clone());
        if kept.severity < problem.severity {
            *kept = problem;
        }
    }
}

/// The label selectors that together cover the pods in question, and few others.
fn selectors(waiting: &[Waiting<'_>]) -> Vec<String> {
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut whole = BTreeSet::new();
    for Waiting { target, state } in waiting {
        match rules::pods(target, state) {
            Some(PodSelector::Equal { label, value }) => {
                values.entry(label).or_default().push(value);
            }
            Some(PodSelector::Exists(label)) => {
                whole.insert(label.to_owned());
            }
            None => {}
        }
    }
    let mut selectors = Vec::new();
    for (label, mut values) in values {
        values.sort_unstable();
        values.dedup();
        let chunks = values.chunks(VALUES);
        selectors.extend(chunks.map(|values| format!("{label} in ({})", values.join(","))));
    }
    selectors.extend(whole);
    selectors
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{super::RolloutTarget, *};
    use crate::cluster::rollout::state::State;

    fn state(value: Value) -> State {
        serde_json::from_value(value).unwrap()
    }

    fn deployment(name: &str, hash: &str) -> (RolloutTarget, State) {
        let message = format!("ReplicaSet \"{name}-{hash}\" is progressing.");
        let condition = json!({"type": "Progressing", "status": "True", "message": message});
        let state =
            state(json!({"metadata": {"name": name}, "status": {"conditions": [condition]}}));
        (RolloutTarget::new(Kind::Deployment, name, 1).unwrap(), state)
    }

    fn selected(workloads: &[(RolloutTarget, State)]) -> Vec<String> {
        let waiting: Vec<_> =
            workloads.iter().map(|(target, state)| Waiting { target, state }).collect();
        selectors(&waiting)
    }

    #[test]
    fn the_pods_of_current_templates_are_selected() {
        let annotations = json!({"deprecated.daemonset.template.generation": "7"});
        let workloads = [
            deployment("tax", "6d4"),
            deployment("cart", "5f9"),
            (
                RolloutTarget::new(Kind::DaemonSet, "agent", 1).unwrap(),
                state(json!({"metadata": {"annotations": annotations}})),
            ),
            (RolloutTarget::new(Kind::StatefulSet, "db", 1).unwrap(), State::default()),
        ];
        assert_eq!(
            selected(&workloads),
            [
                "pod-template-generation in (7)",
                "pod-template-hash in (5f9,6d4)",
                "statefulset.kubernetes.io/pod-name",
            ]
        );
    }

    #[test]
    fn many_workloads_make_several_short_selectors() {
        let many: Vec<_> =
            (0..250).map(|n| deployment(&format!("svc-{n}"), &format!("hash{n:06}"))).collect();
        let selectors = selected(&many);
        assert_eq!(selectors.len(), 3);
        assert!(selectors.iter().all(|selector| selector.len() < 2000));
    }

    #[test]
    fn a_deployment_whose_replica_set_is_unknown_selects_nothing() {
        let unknown = (RolloutTarget::new(Kind::Deployment, "tax", 1).unwrap(), State::default());
        assert!(selected(&[unknown]).is_empty());
        assert!(selected(&[]).is_empty());
    }
}
