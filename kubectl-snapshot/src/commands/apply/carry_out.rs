//! Writing an approved plan, waiting for it, and seeing that it holds.

use super::{ApplyArgs, DryRun, show_below};
use crate::{
    cluster::{
        self, Cluster, Lease, LeaseError, Rollout, RolloutEvent, RolloutOutcome, Stop,
        WatchOptions, WriteEvent, WriteOptions, WriteOutcome, stop,
    },
    commands::{
        exit::Exit,
        failure::Failure,
        resolve::{Found, Reading},
        session::Session,
    },
    domain::{
        diff::{self, Diff},
        manifest::Kind,
        plan::{ApprovedPlan, Plan},
    },
    render::{ApplyReport, RolloutState},
};

/// What should run in the end, and how it is read.
pub(super) struct Goal<'a> {
    pub(super) found: &'a Found,
    pub(super) target: &'a str,
    pub(super) reading: &'a Reading,
}

/// Writes the plan, waits for the rollouts, and captures again, while nobody
/// else applies to the namespace.
pub(super) async fn carry_out(
    args: &ApplyArgs,
    session: &Session,
    cluster: &Cluster,
    approved: &ApprovedPlan,
    goal: Goal<'_>,
) -> Result<Exit, Failure> {
    // Nothing to change means no write at all, the Lease included.
    let writes = args.dry_run.is_none() && !approved.plan().steps.is_empty();
    let lease = if writes { take_lease(session, cluster).await? } else { None };
    let (switch, stop) = stop();
    let work = write_and_wait(args, session, cluster, approved, &goal, &stop);
    tokio::pin!(work);
    let ended = loop {
        tokio::select! {
            ended = &mut work => break ended,
            why = lost(lease.as_ref()), if !stop.requested() => {
                session.ui.warning(&format!("nothing new is begun: {why}"));
                switch.stop();
            }
            () = session.stop.wait(), if !stop.requested() => switch.stop(),
        }
    };
    if let Some(lease) = lease
        && let Err(error) = lease.release().await
    {
        session.ui.warning(&format!(
            "the namespace's Lease was not given back and runs out by itself: {error}"
        ));
    }
    ended
}

/// The namespace's Lease, unless the user may not have one.
async fn take_lease(session: &Session, cluster: &Cluster) -> Result<Option<Lease>, Failure> {
    match Lease::take(cluster, &cluster::identity()).await {
        Ok(lease) => Ok(Some(lease)),
        Err(LeaseError::Forbidden { cause, .. }) => {
            session
                .ui
                .warning(&format!("nothing keeps others from applying at the same time: {cause}"));
            Ok(None)
        }
        Err(LeaseError::Cluster(error)) => Err(error.into()),
        Err(held) => Err(Failure::new(held.to_string()).with_exit(Exit::Conflict)),
    }
}

async fn lost(lease: Option<&Lease>) -> String {
    match lease {
        Some(lease) => lease.lost().await,
        None => std::future::pending().await,
    }
}

async fn write_and_wait(
    args: &ApplyArgs,
    session: &Session,
    cluster: &Cluster,
    approved: &ApprovedPlan,
    goal: &Goal<'_>,
    stop: &Stop,
) -> Result<Exit, Failure> {
    let options =
        WriteOptions { dry_run: args.dry_run == Some(DryRun::Server), ..WriteOptions::default() };
    let progress = session.ui.count("writing", Some(approved.plan().steps.len()));
    let outcome = cluster::apply(cluster, approved, &options, stop, &|event| {
        if let WriteEvent::Written(_) = event {
            progress.add(1);
        }
    })
    .await;
    drop(progress);

    let mut report = ApplyReport::new(approved.plan());
    report.dry_run = options.dry_run;
    report.written(in_plan_order(approved.plan(), &outcome));
    if !outcome.is_complete() {
        outcome.failed.iter().for_each(|error| report.fail(error.to_string()));
        report.not_started.clone_from(&outcome.not_started);
        show_below(session, &report, &args.output)?;
        return Ok(exit_of_writes(&outcome));
    }
    let mut exit = Exit::Done;
    if args.wait && !options.dry_run {
        let rollouts = wait(args, session, cluster, stop, &outcome).await?;
        exit = exit_of_rollouts(&rollouts);
        for rollout in rollouts {
            report.rollout(rollout.kind, rollout.name, state_of(rollout.outcome));
        }
        if exit == Exit::Done {
            report.remaining = Some(compare_again(session, cluster, goal).await?);
        }
    }
    show_below(session, &report, &args.output)?;
    Ok(exit)
}

/// What was written, in the order that the reader knows from the plan: the
/// server's answers to concurrent writes come in any order.
fn in_plan_order(plan: &Plan, outcome: &WriteOutcome) -> Vec<(Kind, String)> {
    let mut written: Vec<_> =
        outcome.written.iter().map(|one| (one.kind, one.name.clone())).collect();
    written.sort_by_key(|(kind, name)| {
        plan.steps.iter().position(|step| step.kind == *kind && step.name == *name)
    });
    written
}

fn exit_of_writes(outcome: &WriteOutcome) -> Exit {
    if outcome.stopped {
        Exit::Interrupted
    } else if outcome.has_moved() {
        Exit::Conflict
    } else {
        Exit::Failed
    }
}

async fn wait(
    args: &ApplyArgs,
    session: &Session,
    cluster: &Cluster,
    stop: &Stop,
    outcome: &WriteOutcome,
) -> Result<Vec<Rollout>, Failure> {
    let targets = outcome.rollouts();
    let progress = session.ui.rollouts(targets.len());
    let options = WatchOptions { timeout: args.timeout, replace_broken_pods: false };
    let rollouts = cluster::watch(cluster, targets, &options, stop, &|event| match event {
        RolloutEvent::Waiting { kind, name, text } => {
            progress.waiting(&format!("{kind} {name}"), text);
        }
        // Only where broken pods may be replaced, which is not asked for here.
        RolloutEvent::Replaced { .. } => {}
        RolloutEvent::Settled(rollout) => {
            progress.settled(&format!("{} {}", rollout.kind, rollout.name));
        }
    })
    .await?;
    Ok(rollouts)
}

/// The gravest outcome decides: a failure before a time-out before Ctrl-C.
fn exit_of_rollouts(rollouts: &[Rollout]) -> Exit {
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

/// What still differs between what was asked for and what runs now.
async fn compare_again(
    session: &Session,
    cluster: &Cluster,
    goal: &Goal<'_>,
) -> Result<Diff, Failure> {
    let now = session.read_live(cluster, goal.reading).await?;
    Ok(diff::compare([&goal.found.label, goal.target], &goal.found.snapshot, &now))
}

fn state_of(outcome: RolloutOutcome) -> RolloutState {
    match outcome {
        RolloutOutcome::Done { note } => RolloutState::Done { note: note.map(str::to_owned) },
        RolloutOutcome::Failed { reason } => RolloutState::Failed { reason },
        RolloutOutcome::TimedOut { reason } => RolloutState::TimedOut { reason },
        RolloutOutcome::Stopped => RolloutState::Stopped,
    }
}
