//! Writing an approved plan, waiting for it, and seeing that it holds.

use std::{collections::HashMap, time::Duration};

use snapshot_core::{
    diff::{self, Diff},
    manifest::Kind,
    plan::{ApprovedPlan, Plan},
};

use super::{
    Place,
    rollouts::{exit_of_rollouts, state_of, wait},
};
use crate::{
    cluster::{self, Cluster, Lease, LeaseError, Stop, WriteOptions, WriteOutcome, stop},
    commands::{exit::Exit, failure::Failure, resolve::Found, session::Session},
    render::ApplyReport,
};

/// How a plan is carried out.
#[derive(Clone, Copy, Debug)]
pub struct Carrying {
    /// Have the server check every write, and keep none.
    pub trial: bool,
    /// Wait for the rollouts.
    pub wait: bool,
    /// How long they may take altogether.
    pub timeout: Duration,
}

/// What became of it.
pub struct Carried {
    /// What it says to the shell.
    pub exit: Exit,
    /// What it says to people.
    pub report: ApplyReport,
}

/// Writes the plan, waits for the rollouts, and captures again, while nobody
/// else applies to the namespace. `first` is done before the first write; where
/// it fails, there is none.
pub async fn carry_out(
    carrying: Carrying,
    session: &Session,
    place: &Place,
    approved: &ApprovedPlan,
    found: &Found,
    first: impl AsyncFnOnce() -> Result<(), Failure>,
) -> Result<Carried, Failure> {
    let _hold = session.signals.hold()?;
    // Nothing to change means no write at all, the Lease included.
    let writes = !carrying.trial && !approved.plan().steps.is_empty();
    let lease = if writes { take_lease(session, &place.cluster).await? } else { None };
    let (switch, stop) = stop();
    let work = async {
        first().await?;
        write_and_wait(carrying, session, place, approved, found, &stop).await
    };
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
    carrying: Carrying,
    session: &Session,
    place: &Place,
    approved: &ApprovedPlan,
    found: &Found,
    stop: &Stop,
) -> Result<Carried, Failure> {
    let cluster = &place.cluster;
    let options = WriteOptions { dry_run: carrying.trial, ..WriteOptions::default() };
    let progress = session.ui.count("writing", Some(approved.plan().steps.len()));
    let count = || progress.add(1);
    let mut report = ApplyReport::new(approved.plan());
    report.dry_run = options.dry_run;
    let mut outcome = cluster::apply(cluster, approved, &options, stop, &count).await;
    let mut exit = Exit::Done;
    if outcome.is_complete() && carrying.wait && !carrying.trial {
        let rollouts = wait(carrying.timeout, session, cluster, stop, &outcome).await?;
        exit = exit_of_rollouts(&rollouts);
        for rollout in rollouts {
            report.rollout(rollout.kind, rollout.name, state_of(rollout.outcome));
        }
    }
    // What is left over may still be used until all else runs.
    if outcome.is_complete() && exit == Exit::Done {
        outcome.extend(cluster::remove(cluster, approved, &options, stop, &count).await);
    }
    drop(progress);
    report.written(in_plan_order(approved.plan(), &outcome));
    if !outcome.is_complete() {
        outcome.failed.iter().for_each(|error| report.fail(error.to_string()));
        report.not_started.clone_from(&outcome.not_started);
        exit = exit_of_writes(&outcome);
    } else if exit == Exit::Done && carrying.wait && !carrying.trial {
        report.remaining = Some(compare_again(session, place, found).await?);
    }
    Ok(Carried { exit, report })
}

/// What was written, in the order that the reader knows from the plan: the
/// server's answers to concurrent writes come in any order.
fn in_plan_order(plan: &Plan, outcome: &WriteOutcome) -> Vec<(Kind, String)> {
    let mut places: HashMap<(Kind, &str), usize> = HashMap::new();
    for (place, step) in plan.steps.iter().enumerate() {
        places.entry((step.kind, &step.name)).or_insert(place);
    }
    let mut written: Vec<_> = outcome.written.iter().collect();
    written.sort_by_key(|one| places.get(&(one.kind, one.name.as_str())));
    written.into_iter().map(|one| (one.kind, one.name.clone())).collect()
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

/// What still differs between what was asked for and what runs now; what runs beside it was
/// left alone, as the plan said.
async fn compare_again(session: &Session, place: &Place, found: &Found) -> Result<Diff, Failure> {
    let now = session.read_live(&place.cluster, &place.reading).await?;
    Ok(diff::compare([&found.label, &place.label], &found.snapshot, &now).without_additions())
}
