//! Rollouts of interchangeable pods, as the Deployment controller reports them.

use super::{
    super::{
        RolloutTarget,
        failure::{Problem, Severity},
        state::State,
    },
    PodSelector, Progress,
};

pub(super) fn progress(target: &RolloutTarget, state: &State) -> Progress {
    if let Some(judgement) = target.progress(state)
        && judgement.reason == "ProgressDeadlineExceeded"
    {
        return Progress::Failed("it exceeded its progress deadline".to_owned());
    }
    missing(state).map_or(Progress::Done(None), Progress::Waiting)
}

fn missing(state: &State) -> Option<String> {
    let (wanted, status) = (state.spec.replicas.unwrap_or(1), &state.status);
    if state.spec.paused && status.updated_replicas < wanted {
        return Some("it is paused; kubectl rollout resume lets it go on".to_owned());
    }
    if status.updated_replicas < wanted {
        return Some(format!("{} of {wanted} new replicas are there", status.updated_replicas));
    }
    if status.replicas > status.updated_replicas {
        return Some(format!("old replicas left: {}", status.replicas - status.updated_replicas));
    }
    (status.available_replicas < status.updated_replicas).then(|| {
        format!(
            "{} of {} new replicas are available",
            status.available_replicas, status.updated_replicas
        )
    })
}

/// The pods of the current template, by the hash that ends their ReplicaSet's name.
pub(super) fn pods<'a>(target: &RolloutTarget, state: &'a State) -> Option<PodSelector<'a>> {
    let label = target.kind.workload()?.pods.label()?;
    let value = state.replica_set()?.rsplit('-').next()?;
    Some(PodSelector::Equal { label, value })
}

/// An earlier rollout's ReplicaSet may be the one that is still named: its pods decide nothing.
pub(super) fn report(target: &RolloutTarget, state: &State, problem: Problem) -> Problem {
    let decides = target.progress(state).is_some();
    let severity = if decides { problem.severity } else { Severity::Hint };
    Problem { severity, ..problem }
}
