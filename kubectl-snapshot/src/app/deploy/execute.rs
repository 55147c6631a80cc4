//! Execution of an approved plan: writing it, waiting for it, and seeing that it holds.

use std::time::Duration;

use snapshot_core::{
    diff,
    outcome::{ApplyOutcome, Interruption, Verification, WriteFailure},
    plan::ApprovedPlan,
};

use super::{
    Target,
    rollouts::{seen, wait, with_all_of},
};
use crate::{
    app::{App, Failure, read::read_live, resolved::ResolvedSnapshot},
    cluster::{
        self, Cluster, Lease, LeaseError, Stop, WriteError, WriteOptions, WriteOutcome, stop,
    },
};

/// Options of an execution.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExecuteOptions {
    /// Have the server check every write, and keep none.
    pub(super) trial: bool,
    /// The rollouts to wait for.
    pub(super) waiting: Waiting,
    /// The time that they may take altogether.
    pub(super) timeout: Duration,
}

/// The rollouts that are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiting {
    /// None, and nobody looks afterwards.
    No,
    /// Those that the writes begin.
    ForWritten,
    /// Those of every workload of the set: earlier writes may still be on their way.
    ForAll,
}

/// An execution that may begin: nobody else applies to the namespace.
pub(super) struct Execution<'a> {
    app: &'a App,
    target: &'a Target,
    approved: &'a ApprovedPlan,
    options: ExecuteOptions,
    lease: Option<Lease>,
}

impl<'a> Execution<'a> {
    /// Takes the namespace's Lease, where there is anything to write.
    pub(super) async fn begin(
        app: &'a App,
        target: &'a Target,
        approved: &'a ApprovedPlan,
        options: ExecuteOptions,
    ) -> Result<Self, Failure> {
        // Nothing to change means no write at all, the Lease included.
        let writes = !options.trial && !approved.plan().steps.is_empty();
        let lease = if writes { take_lease(app, &target.cluster).await? } else { None };
        Ok(Self { app, target, approved, options, lease })
    }

    /// Ends before the first write.
    pub(super) async fn abandon(self) {
        self.release().await;
    }

    /// Writes the plan, waits for the rollouts, and captures again. Whatever happens on the
    /// way is part of the outcome.
    pub(super) async fn run(self, candidate: &ResolvedSnapshot) -> ApplyOutcome {
        let outcome = self.supervise(candidate).await;
        self.release().await;
        outcome
    }

    /// Writes and waits, until the Lease is lost or a signal comes.
    async fn supervise(&self, candidate: &ResolvedSnapshot) -> ApplyOutcome {
        let (switch, stop) = stop();
        let mut interruption = None;
        let work = self.write_and_wait(candidate, &stop);
        tokio::pin!(work);
        let mut outcome = loop {
            tokio::select! {
                // What was lost before the first write must stop it.
                biased;
                reason = lost(self.lease.as_ref()), if !stop.requested() => {
                    self.app.observer.warning(&format!("nothing new is begun: {reason}"));
                    interruption = Some(Interruption::LeaseLost { reason });
                    switch.stop();
                }
                () = self.app.stop.wait(), if !stop.requested() => {
                    interruption = Some(Interruption::Signal);
                    switch.stop();
                }
                outcome = &mut work => break outcome,
            }
        };
        outcome.interruption = interruption;
        outcome
    }

    async fn release(self) {
        if let Some(lease) = self.lease
            && let Err(error) = lease.release().await
        {
            self.app.observer.warning(&format!(
                "the namespace's Lease was not given back and runs out by itself: {error}"
            ));
        }
    }

    async fn write_and_wait(&self, candidate: &ResolvedSnapshot, stop: &Stop) -> ApplyOutcome {
        let (cluster, approved) = (&self.target.cluster, self.approved);
        let ExecuteOptions { trial, waiting, timeout } = self.options;
        let options = WriteOptions { dry_run: trial, ..WriteOptions::default() };
        let progress = self.app.observer.count("writing", Some(approved.plan().steps.len()));
        let count = || progress.add(1);
        let watches = !trial && waiting != Waiting::No;
        let mut outcome = ApplyOutcome::new(approved.plan(), trial);
        let written = cluster::apply(cluster, approved, &options, stop, &count).await;
        note(&mut outcome, &written);
        let mut goes_on = written.is_complete();
        if goes_on && watches {
            let begun = written.rollouts();
            let targets = match waiting {
                Waiting::ForAll => with_all_of(&candidate.snapshot.spec, begun),
                Waiting::No | Waiting::ForWritten => begun,
            };
            let awaited = wait(self.app, cluster, timeout, stop, targets).await;
            outcome.rollouts = awaited.rollouts.into_iter().map(seen).collect();
            if let Some(error) = awaited.broken_off {
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
            outcome.verification = self.verify(candidate).await;
        }
        outcome
    }

    /// Compares what was asked for with what runs now; what runs beside it was left alone, as
    /// the plan said.
    async fn verify(&self, candidate: &ResolvedSnapshot) -> Verification {
        match read_live(self.app, &self.target.cluster, &self.target.options).await {
            Ok(now) => {
                let names = [candidate.label.as_str(), &self.target.label];
                let asked = &candidate.snapshot;
                let diff = diff::compare(names, asked, &now).with_pods(&asked.spec, &now.spec);
                Verification::of(diff.without_additions())
            }
            Err(failure) => Verification::Unknown { reason: failure.message },
        }
    }
}

/// The namespace's Lease, unless the user may not have one.
async fn take_lease(app: &App, cluster: &Cluster) -> Result<Option<Lease>, Failure> {
    match Lease::take(cluster, &cluster::identity()).await {
        Ok(lease) => Ok(Some(lease)),
        Err(LeaseError::Forbidden { cause, .. }) => {
            app.observer
                .warning(&format!("nothing keeps others from applying at the same time: {cause}"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

async fn lost(lease: Option<&Lease>) -> String {
    match lease {
        Some(lease) => lease.lost().await,
        None => std::future::pending().await,
    }
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
