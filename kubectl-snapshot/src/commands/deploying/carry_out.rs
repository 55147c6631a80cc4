//! Execution of an approved plan: writes, rollouts and verification.

use std::time::Duration;

use snapshot_core::{
    diff,
    outcome::{ApplyOutcome, Interruption, Verification, WriteFailure},
    plan::ApprovedPlan,
};

use super::{
    Place,
    rollouts::{seen, wait, with_all_of},
};
use crate::{
    cluster::{
        self, Cluster, Lease, LeaseError, Stop, WriteError, WriteOptions, WriteOutcome, stop,
    },
    commands::{exit::Exit, failure::Failure, resolve::Found, session::Session},
};

/// Options of carrying out a plan.
#[derive(Clone, Copy, Debug)]
pub struct Carrying {
    /// Have the server check every write, and keep none.
    pub trial: bool,
    /// Rollouts to wait for.
    pub waiting: Waiting,
    /// Timeout of all rollouts together.
    pub timeout: Duration,
}

/// The rollouts that are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// None, and nobody looks afterwards.
    No,
    /// Those that the writes begin.
    ForWritten,
    /// Those of every workload of the set: earlier writes may still be on their way.
    ForAll,
}

/// Writes the plan, waits for the rollouts, and captures again, while nobody
/// else applies to the namespace. `first` is done before the first write.
///
/// # Errors
/// Before the first write: from there on, whatever happens is part of the outcome.
pub async fn carry_out(
    carrying: Carrying,
    session: &Session,
    place: &Place,
    approved: &ApprovedPlan,
    found: &Found,
    first: impl AsyncFnOnce() -> Result<(), Failure>,
) -> Result<ApplyOutcome, Failure> {
    let _hold = session.signals.hold()?;
    // Nothing to change means no write at all, the Lease included.
    let writes = !carrying.trial && !approved.plan().steps.is_empty();
    let lease = if writes { take_lease(session, &place.cluster).await? } else { None };
    let (switch, stop) = stop();
    let mut interruption = None;
    let work = async {
        first().await?;
        Ok(write_and_wait(carrying, session, place, approved, found, &stop).await)
    };
    tokio::pin!(work);
    let ended: Result<ApplyOutcome, Failure> = loop {
        tokio::select! {
            ended = &mut work => break ended,
            reason = lost(lease.as_ref()), if !stop.requested() => {
                session.ui.warning(&format!("nothing new is begun: {reason}"));
                interruption = Some(Interruption::LeaseLost { reason });
                switch.stop();
            }
            () = session.stop.wait(), if !stop.requested() => {
                interruption = Some(Interruption::Signal);
                switch.stop();
            }
        }
    };
    if let Some(lease) = lease
        && let Err(error) = lease.release().await
    {
        session.ui.warning(&format!(
            "the namespace's Lease was not given back and runs out by itself: {error}"
        ));
    }
    let mut outcome = ended?;
    outcome.interruption = interruption;
    Ok(outcome)
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
) -> ApplyOutcome {
    let cluster = &place.cluster;
    let options = WriteOptions { dry_run: carrying.trial, ..WriteOptions::default() };
    let progress = session.ui.count("writing", Some(approved.plan().steps.len()));
    let count = || progress.add(1);
    let watches = !carrying.trial && carrying.waiting != Waiting::No;
    let mut outcome = ApplyOutcome::new(approved.plan(), carrying.trial);
    let written = cluster::apply(cluster, approved, &options, stop, &count).await;
    note(&mut outcome, &written);
    let mut goes_on = written.is_complete();
    if goes_on && watches {
        let begun = written.rollouts();
        let targets = match carrying.waiting {
            Waiting::ForAll => with_all_of(&found.snapshot.spec, begun),
            Waiting::No | Waiting::ForWritten => begun,
        };
        let seen_rollouts = wait(carrying.timeout, session, cluster, stop, targets).await;
        outcome.rollouts = seen_rollouts.rollouts.into_iter().map(seen).collect();
        if let Some(error) = seen_rollouts.broken_off {
            outcome.verification = Verification::Unknown { reason: error.to_string() };
        }
        goes_on = outcome.rollouts.iter().all(|rollout| rollout.state.is_done());
    }
    // What is left over may still be used until all else runs.
    if goes_on {
        let removed = cluster::remove(cluster, approved, &options, stop, &count).await;
        note(&mut outcome, &removed);
    }
    drop(progress);
    if goes_on && watches && outcome.is_written() {
        outcome.verification = verify(session, place, found).await;
    }
    outcome
}

/// Notes what became of writes.
fn note(outcome: &mut ApplyOutcome, writes: &WriteOutcome) {
    for one in &writes.written {
        outcome.written(one.kind, &one.name);
    }
    for error in &writes.failed {
        let (kind, name) = error.object();
        let moved = matches!(error, WriteError::Moved { .. });
        outcome.failed(kind, name, WriteFailure { reason: error.to_string(), moved });
    }
}

/// Compares what was asked for with what runs now; what runs beside it was left alone, as the
/// plan said.
async fn verify(session: &Session, place: &Place, found: &Found) -> Verification {
    match session.read_live(&place.cluster, &place.reading).await {
        Ok(now) => {
            let names = [found.label.as_str(), &place.label];
            Verification::of(diff::compare(names, &found.snapshot, &now).without_additions())
        }
        Err(failure) => Verification::Unknown { reason: failure.message },
    }
}
