//! Rollout rules, one file each: how far a rollout is, and which pods speak for it.
//!
//! The rules are those of `kubectl rollout status`. No match here has a wildcard: a rule that is
//! added to the table of kinds does not compile until it is told how it is judged, so that no
//! rollout is called done by a rule that nobody wrote.

mod ordered;
mod per_node;
mod replicas;
#[cfg(test)]
mod tests;

use snapshot_core::manifest::RolloutRule;

use super::{
    RolloutTarget,
    failure::{Problem, Severity},
    pod::{Owner, Pod},
    state::State,
};

/// Progress of a rollout, by one observation of its workload.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// In progress; the text says what is missing.
    Waiting(String),
    /// There; perhaps with something to know.
    Done(Option<&'static str>),
    /// Failed for the reason given.
    Failed(String),
}

/// The label selector of the pods that speak for a rollout.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PodSelector<'a> {
    /// Those with this value of a label.
    Equal {
        /// The label.
        label: &'static str,
        /// Value.
        value: &'a str,
    },
    /// Those with the label, whatever its value.
    Exists(&'static str),
}

/// True if there is anything to wait for.
pub(super) fn is_watched(rule: RolloutRule) -> bool {
    match rule {
        RolloutRule::Replicas | RolloutRule::Ordered | RolloutRule::PerNode => true,
        RolloutRule::NextRun => false,
    }
}

/// The progress of the rollout to `target` that `state` shows.
pub(super) fn progress(target: &RolloutTarget, state: &State) -> Progress {
    if state.metadata.generation < target.generation {
        // Lists and watches never go back, so this is another object of that name.
        return Progress::Failed("it was deleted and created again by someone else".to_owned());
    }
    match target.rule {
        RolloutRule::NextRun => Progress::Done(None),
        RolloutRule::Replicas => observed(state, || replicas::progress(target, state)),
        RolloutRule::Ordered => rolling(state, ordered::missing),
        RolloutRule::PerNode => rolling(state, per_node::missing),
    }
}

/// The owner that the pods of the rollout name; none where no pod speaks for it.
pub(super) fn owner(target: &RolloutTarget, state: &State) -> Option<Owner> {
    let (kind, name) = match target.rule {
        RolloutRule::Replicas => ("ReplicaSet", state.replica_set()?),
        RolloutRule::Ordered | RolloutRule::PerNode => (target.kind.name(), target.name.as_str()),
        RolloutRule::NextRun => return None,
    };
    Some(Owner { kind: kind.to_owned(), name: name.to_owned() })
}

/// The pods to look at; none where that is not known yet, or no pod speaks for the rollout.
pub(super) fn pods<'a>(target: &RolloutTarget, state: &'a State) -> Option<PodSelector<'a>> {
    match target.rule {
        RolloutRule::Replicas => replicas::pods(target, state),
        RolloutRule::Ordered => Some(ordered::PODS),
        RolloutRule::PerNode => per_node::pods(state),
        RolloutRule::NextRun => None,
    }
}

/// The problem of a rollout that follows from the problem of one of its pods.
pub(super) fn report(
    target: &RolloutTarget,
    state: &State,
    pod: &Pod,
    problem: Problem,
) -> Option<Problem> {
    match target.rule {
        RolloutRule::Replicas => Some(replicas::report(target, state, problem)),
        RolloutRule::Ordered => ordered::report(state, pod, problem),
        RolloutRule::PerNode => Some(problem),
        // The next run has pods of its own.
        RolloutRule::NextRun => Some(Problem { severity: Severity::Hint, ..problem }),
    }
}

/// True if nothing but an event says that pods are refused; other controllers have a condition.
pub(super) fn refuses_in_events(rule: RolloutRule) -> bool {
    match rule {
        RolloutRule::Ordered | RolloutRule::PerNode => true,
        RolloutRule::Replicas | RolloutRule::NextRun => false,
    }
}

/// Progress of a workload that replaces its pods, unless its strategy leaves that to people.
fn rolling(state: &State, missing: fn(&State) -> Option<String>) -> Progress {
    if state.spec.update_strategy.r#type != "RollingUpdate" {
        return Progress::Done(Some(
            "its update strategy is OnDelete: pods change only when they are deleted",
        ));
    }
    observed(state, || missing(state).map_or(Progress::Done(None), Progress::Waiting))
}

/// Progress of what the controller has seen; before, its status is of the template before.
fn observed(state: &State, progress: impl FnOnce() -> Progress) -> Progress {
    if state.is_observed() {
        progress()
    } else {
        Progress::Waiting("its controller has not seen the change yet".to_owned())
    }
}
