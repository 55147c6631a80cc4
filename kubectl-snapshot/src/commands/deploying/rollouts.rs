//! Waiting for what was written to run.

use crate::{
    cluster::{
        self, Cluster, Rollout, RolloutEvent, RolloutOutcome, Stop, WatchOptions, WriteOutcome,
    },
    commands::{exit::Exit, failure::Failure, session::Session},
    render::RolloutState,
};
use std::time::Duration;

/// Waits for the rollouts that the writes began.
pub(super) async fn wait(
    timeout: Duration,
    session: &Session,
    cluster: &Cluster,
    stop: &Stop,
    outcome: &WriteOutcome,
) -> Result<Vec<Rollout>, Failure> {
    let targets = outcome.rollouts();
    let progress = session.ui.rollouts(targets.len());
    let options = WatchOptions { timeout };
    let rollouts = cluster::watch(cluster, targets, &options, stop, &|event| match event {
        RolloutEvent::Waiting { kind, name, text } => {
            progress.waiting(&format!("{kind} {name}"), text);
        }
        RolloutEvent::Settled(rollout) => {
            progress.settled(&format!("{} {}", rollout.kind, rollout.name));
        }
    })
    .await?;
    Ok(rollouts)
}

/// The gravest outcome decides: a failure before a time-out before Ctrl-C.
pub(super) fn exit_of_rollouts(rollouts: &[Rollout]) -> Exit {
    let any = |is: fn(&RolloutOutcome) -> bool| rollouts.iter().any(|rollout| is(&rollout.outcome));
    if any(|outcome| matches!(outcome, RolloutOutcome::Failed { .. })) {
        Exit::Failed
    } else if any(|outcome| matches!(outcome, RolloutOutcome::TimedOut { .. })) {
        Exit::TimedOut
    } else if any(|outcome| matches!(outcome, RolloutOutcome::Stopped)) {
        Exit::Interrupted
    } else {
        Exit::Done
    }
}

/// The same in a report's words.
pub(super) fn state_of(outcome: RolloutOutcome) -> RolloutState {
    match outcome {
        RolloutOutcome::Done { note } => RolloutState::Done { note: note.map(str::to_owned) },
        RolloutOutcome::Failed { reason } => RolloutState::Failed { reason },
        RolloutOutcome::TimedOut { reason } => RolloutState::TimedOut { reason },
        RolloutOutcome::Stopped => RolloutState::Stopped,
    }
}
