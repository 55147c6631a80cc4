//! Rollouts of pods with an identity, one after the other, as the StatefulSet controller reports
//! them.

use super::{
    super::{
        failure::{Problem, Severity},
        pod::Pod,
        state::State,
    },
    PodSelector,
};

/// All of them: a pod of an earlier template may be in the way of the new ones.
pub(super) const PODS: PodSelector<'static> =
    PodSelector::Exists("statefulset.kubernetes.io/pod-name");

pub(super) fn missing(state: &State) -> Option<String> {
    let (wanted, status) = (state.spec.replicas.unwrap_or(1), &state.status);
    if status.ready_replicas < wanted {
        return Some(format!("{} of {wanted} pods are ready", status.ready_replicas));
    }
    if status.available_replicas < wanted {
        return Some(format!("{} of {wanted} pods are available", status.available_replicas));
    }
    match partition(state) {
        Some(partition) => {
            let new = wanted - partition;
            (status.updated_replicas < new)
                .then(|| format!("{} of {new} new pods are there", status.updated_replicas))
        }
        None => (status.update_revision != status.current_revision)
            .then(|| format!("{} of {wanted} new pods are there", status.updated_replicas)),
    }
}

pub(super) fn report(state: &State, pod: &Pod, problem: Problem) -> Option<Problem> {
    if pod.metadata.labels.revision == state.status.update_revision {
        return Some(problem);
    }
    // Below a partition, a pod of an earlier template is meant to stay.
    let replaces_all = partition(state).unwrap_or_default() == 0;
    replaces_all.then(|| blocking(pod, &problem))
}

/// A StatefulSet waits until each of its pods is ready before it replaces one:
/// also a pod that an earlier template broke, and that nothing will repair
/// (<https://github.com/kubernetes/kubernetes/issues/67250>).
fn blocking(pod: &Pod, problem: &Problem) -> Problem {
    let name = &pod.metadata.name;
    let text = format!(
        "pod {name} of an earlier template keeps it waiting: {}; kubectl delete pod {name} lets it go on",
        problem.text
    );
    Problem { text, severity: Severity::Hint }
}

fn partition(state: &State) -> Option<i64> {
    state.spec.update_strategy.rolling_update.as_ref().and_then(|rolling| rolling.partition)
}
