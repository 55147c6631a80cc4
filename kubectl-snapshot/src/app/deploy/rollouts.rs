//! Rollouts that writes began: the wait for them, and their outcome.

use std::{collections::HashSet, time::Duration};

use futures::future::join_all;
use snapshot_core::{
    assembly::CaptureOptions,
    manifest::Kind,
    outcome::{Rollout, RolloutState},
    parts::PartName,
    snapshot::Spec,
};

use crate::{
    app::{App, AppError, Failure, FailureKind},
    cluster::{
        self, Cluster, RolloutEvent, RolloutOutcome, RolloutTarget, RolloutsEnd, Stop, WatchOptions,
    },
};

/// Whatever state a workload is in by now is the one that it has to reach.
const ANY_GENERATION: i64 = 0;

/// Rollouts in a namespace, and the part that it is, if it is one.
pub(super) type PartRollouts<'a> = (Option<&'a PartName>, &'a Cluster, Vec<RolloutTarget>);

/// Waits for rollouts in all of some namespaces, and returns their ends in the same order.
pub(super) async fn wait(
    app: &App,
    timeout: Duration,
    stop: &Stop,
    parts: Vec<PartRollouts<'_>>,
) -> Vec<RolloutsEnd> {
    let progress = app.observer.rollouts(parts.iter().map(|(.., targets)| targets.len()).sum());
    let options = WatchOptions { timeout };
    let (progress, options) = (&progress, &options);
    let waits = parts.into_iter().map(|(part, cluster, targets)| async move {
        let called = |kind: Kind, name: &str| match part {
            Some(part) => format!("{kind} {part}/{name}"),
            None => format!("{kind} {name}"),
        };
        cluster::watch(cluster, targets, options, stop, &|event| match event {
            RolloutEvent::Waiting { kind, name, text } => {
                progress.waiting(&called(kind, name), text);
            }
            RolloutEvent::Settled(rollout) => {
                progress.settled(&called(rollout.kind, &rollout.name));
            }
        })
        .await
    });
    join_all(waits).await
}

/// Waits until every workload of a namespace runs what its template asks for.
///
/// # Errors
/// A rollout has failed, takes longer than allowed, or nobody can tell.
pub async fn wait_for_all(app: &App, cluster: &Cluster, timeout: Duration) -> Result<(), Failure> {
    let options = CaptureOptions { lenient: true, ..CaptureOptions::default() };
    let observed = cluster::read(cluster, options, &|_count| {}).await?;
    let workloads = observed.existing.keys().filter(|(kind, _)| kind.is_workload());
    let targets =
        workloads.filter_map(|(kind, name)| RolloutTarget::new(*kind, name, ANY_GENERATION));
    let awaited = wait(app, timeout, &app.stop, vec![(None, cluster, targets.collect())]).await;
    let mut ended = Vec::new();
    for one in awaited {
        if let Some(error) = one.broken_off {
            return Err(error.into());
        }
        ended.extend(one.rollouts);
    }
    let mut open = ended.into_iter().map(seen).filter(|one| !one.state.is_done());
    let Some(first) = open.next() else { return Ok(()) };
    let workload = format!("{} {}", first.kind, first.name);
    let (kind, state) = match first.state {
        RolloutState::Failed { reason } => (FailureKind::Failed, format!("failed: {reason}")),
        RolloutState::TimedOut { reason } => {
            (FailureKind::TimedOut, format!("has not ended in time: {reason}"))
        }
        RolloutState::Stopped => {
            return Err(Failure::new("interrupted while waiting, nothing was captured")
                .with_kind(FailureKind::Interrupted));
        }
        RolloutState::Done { .. } | RolloutState::Unknown => {
            (FailureKind::Failed, "cannot be seen to its end".to_owned())
        }
    };
    let error = AppError::NotRolledOut { workload, state, others: open.count() };
    Err(Failure::from(error).with_kind(kind))
}

/// The rollouts that writes began, and with them those of the set's other workloads, of
/// which nobody knows whether they have ended.
pub(super) fn with_all_of(spec: &Spec, mut begun: Vec<RolloutTarget>) -> Vec<RolloutTarget> {
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
