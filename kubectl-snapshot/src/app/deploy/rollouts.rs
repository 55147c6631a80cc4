//! Rollouts that writes began: the wait for them, and their outcome.

use std::{collections::HashSet, time::Duration};

use snapshot_core::{
    outcome::{Rollout, RolloutState},
    snapshot::Spec,
};

use crate::{
    app::App,
    cluster::{
        self, Cluster, RolloutEvent, RolloutOutcome, RolloutTarget, RolloutsEnd, Stop, WatchOptions,
    },
};

/// Waits for rollouts.
pub(super) async fn wait(
    app: &App,
    cluster: &Cluster,
    timeout: Duration,
    stop: &Stop,
    targets: Vec<RolloutTarget>,
) -> RolloutsEnd {
    let progress = app.observer.rollouts(targets.len());
    let options = WatchOptions { timeout };
    cluster::watch(cluster, targets, &options, stop, &|event| match event {
        RolloutEvent::Waiting { kind, name, text } => {
            progress.waiting(&format!("{kind} {name}"), text);
        }
        RolloutEvent::Settled(rollout) => {
            progress.settled(&format!("{} {}", rollout.kind, rollout.name));
        }
    })
    .await
}

/// The rollouts that writes began, and with them those of the set's other workloads, of
/// which nobody knows whether they have ended.
pub(super) fn with_all_of(spec: &Spec, mut begun: Vec<RolloutTarget>) -> Vec<RolloutTarget> {
    // Whatever state they are in by now is the one that they have to reach.
    const ANY_GENERATION: i64 = 0;
    let known: HashSet<_> = begun.iter().map(|one| (one.kind, one.name.clone())).collect();
    let others = spec.instances().map(|one| (one.instance.kind, one.workload().to_owned()));
    let others = others.filter(|one| !known.contains(one));
    begun.extend(others.filter_map(|(kind, name)| RolloutTarget::new(kind, &name, ANY_GENERATION)));
    begun
}

/// A rollout in the outcome's words.
pub(super) fn seen(rollout: cluster::Rollout) -> Rollout {
    let state = match rollout.outcome {
        RolloutOutcome::Done { note } => RolloutState::Done { note: note.map(str::to_owned) },
        RolloutOutcome::Failed { reason } => RolloutState::Failed { reason },
        RolloutOutcome::TimedOut { reason } => RolloutState::TimedOut { reason },
        RolloutOutcome::Stopped => RolloutState::Stopped,
        RolloutOutcome::Unknown => RolloutState::Unknown,
    };
    Rollout { kind: rollout.kind, name: rollout.name, state }
}
