//! Execution of an approved plan: writing it, waiting for it, and seeing that it holds.

use std::time::Duration;

use futures::future::{join_all, select_all};
use snapshot_core::{
    diff,
    outcome::{ApplyOutcome, Interruption, Outcome, Verification, WriteFailure},
    plan::ApprovedPlan,
    snapshot::Snapshot,
};

use super::{
    Target,
    reading::read_all,
    rollouts::{seen, wait, with_all_of},
    target::TargetPart,
};
use crate::{
    app::{App, Failure, read::finish},
    cluster::{
        self, Cluster, Lease, LeaseError, PartWrites, Stop, WriteError, WriteOptions, WriteOutcome,
        stop,
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

/// A Lease, and the namespace that it is of, where there are several.
type Held = (Option<String>, Lease);

/// An execution that may begin: nobody else applies to the namespaces.
pub(super) struct Execution<'a> {
    app: &'a App,
    target: &'a Target,
    approved: &'a ApprovedPlan,
    options: ExecuteOptions,
    leases: Vec<Held>,
}

impl<'a> Execution<'a> {
    /// Takes the Lease of every namespace, where there is anything to write.
    pub(super) async fn begin(
        app: &'a App,
        target: &'a Target,
        approved: &'a ApprovedPlan,
        options: ExecuteOptions,
    ) -> Result<Self, Failure> {
        // Nothing to change means no write at all, the Lease included.
        let writes = !options.trial && approved.plans().writes() > 0;
        let leases = if writes { take_leases(app, &target.parts).await? } else { Vec::new() };
        Ok(Self { app, target, approved, options, leases })
    }

    /// Ends before the first write.
    pub(super) async fn abandon(self) {
        release(self.app, self.leases).await;
    }

    /// Writes the plan, waits for the rollouts, and captures again. Whatever happens on the
    /// way is part of the outcome.
    ///
    /// `sets` are what each namespace is to run; none where the whole, called `label`, lacks it.
    pub(super) async fn run(self, label: &str, sets: &[Option<&Snapshot>]) -> Outcome {
        let empty = Snapshot::default();
        let sets: Vec<&Snapshot> = sets.iter().map(|set| set.unwrap_or(&empty)).collect();
        let outcome = self.supervise(label, &sets).await;
        release(self.app, self.leases).await;
        outcome
    }

    /// Writes and waits, until a Lease is lost or a signal comes.
    async fn supervise(&self, label: &str, sets: &[&Snapshot]) -> Outcome {
        let (switch, stop) = stop();
        let mut interruption = None;
        let work = self.write_and_wait(label, sets, &stop);
        tokio::pin!(work);
        let mut outcome = loop {
            tokio::select! {
                // What was lost before the first write must stop it.
                biased;
                reason = lost(&self.leases), if !stop.requested() => {
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
        if let Some(interruption) = interruption {
            outcome.interrupt(&interruption);
        }
        outcome
    }

    async fn write_and_wait(&self, label: &str, sets: &[&Snapshot], stop: &Stop) -> Outcome {
        let (target, plans) = (self.target, self.approved.plans());
        let parts: Vec<PartWrites<'_>> =
            target.parts.iter().map(|one| &one.cluster).zip(self.approved.parts()).collect();
        let ExecuteOptions { trial, waiting, timeout } = self.options;
        let options = WriteOptions { dry_run: trial, ..WriteOptions::default() };
        let progress = self.app.observer.count("writing", Some(plans.writes()));
        let count = || progress.add(1);
        let watches = !trial && waiting != Waiting::No;
        let mut outcome = Outcome::new(plans, trial);
        let written = cluster::apply(&parts, &options, stop, &count).await;
        note(&mut outcome, &written);
        let mut goes_on = written.iter().all(WriteOutcome::is_complete);
        if goes_on && watches {
            let rollouts = target.parts.iter().zip(&written).zip(sets);
            let rollouts = rollouts.map(|((one, written), set)| {
                let begun = written.rollouts();
                let targets = match waiting {
                    Waiting::ForAll => with_all_of(&set.spec, begun),
                    Waiting::No | Waiting::ForWritten => begun,
                };
                (one.part.as_ref(), &one.cluster, targets)
            });
            let awaited = wait(self.app, timeout, stop, rollouts.collect()).await;
            for (one, awaited) in of_parts(&mut outcome).zip(awaited) {
                one.rollouts = awaited.rollouts.into_iter().map(seen).collect();
                if let Some(error) = awaited.broken_off {
                    one.verification = Verification::Unknown { reason: error.to_string() };
                }
                goes_on &= one.rollouts.iter().all(|rollout| rollout.state.is_done());
            }
        }
        // What is left over may still be used until all else runs, in whatever part.
        if goes_on {
            let removed = cluster::remove(&parts, &options, stop, &count).await;
            note(&mut outcome, &removed);
        }
        drop(progress);
        if goes_on && watches && of_parts(&mut outcome).all(|one| one.is_written()) {
            let verified = self.verify(label, sets).await;
            for (one, verification) in of_parts(&mut outcome).zip(verified) {
                one.verification = verification;
            }
        }
        outcome
    }

    /// Compares what was asked for with what runs now, in each namespace; what runs beside it was
    /// left alone, as the plan said.
    async fn verify(&self, label: &str, sets: &[&Snapshot]) -> Vec<Verification> {
        let Target { parts, options, .. } = self.target;
        let observed = match read_all(self.app, self.target, &options.to_capture(true)).await {
            Ok(observed) => observed,
            Err(failure) => {
                let reason = failure.message;
                let unknown = |_| Verification::Unknown { reason: reason.clone() };
                return parts.iter().map(unknown).collect();
            }
        };
        let mut verified = Vec::new();
        for ((one, observed), asked) in parts.iter().zip(observed).zip(sets) {
            let here = one.label();
            let source = format!("live:{}", one.namespace());
            verified.push(match finish(self.app, observed.assembly, source).await {
                Ok(now) => {
                    let diff = diff::compare([label, &here], asked, &now);
                    let diff = diff.with_pods(&asked.spec, &now.spec);
                    Verification::of(diff.without_additions())
                }
                Err(failure) => Verification::Unknown { reason: failure.message },
            });
        }
        verified
    }
}

/// The Leases of all namespaces, in an order that everybody has; none of them, where somebody
/// else holds one.
async fn take_leases(app: &App, parts: &[TargetPart]) -> Result<Vec<Held>, Failure> {
    let mut ordered: Vec<&TargetPart> = parts.iter().collect();
    ordered.sort_by_key(|one| one.namespace());
    let mut leases = Vec::new();
    for one in ordered {
        match take_lease(app, &one.cluster).await {
            Ok(lease) => {
                let of = one.part.is_some().then(|| one.cluster.namespace().to_owned());
                leases.extend(lease.map(|lease| (of, lease)));
            }
            Err(failure) => {
                release(app, leases).await;
                return Err(failure);
            }
        }
    }
    Ok(leases)
}

/// Gives Leases back.
async fn release(app: &App, leases: Vec<Held>) {
    let released = leases.into_iter().map(|(of, lease)| async move { (of, lease.release().await) });
    for (of, released) in join_all(released).await {
        if let Err(error) = released {
            let text =
                format!("the namespace's Lease was not given back and runs out by itself: {error}");
            app.observer.warning(&about(of.as_deref(), text));
        }
    }
}

/// A sentence about a namespace, named where there are several.
fn about(namespace: Option<&str>, text: String) -> String {
    match namespace {
        Some(namespace) => format!("{namespace}: {text}"),
        None => text,
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

/// Returns, with the reason, once one of the Leases is lost.
async fn lost(leases: &[Held]) -> String {
    if leases.is_empty() {
        return std::future::pending().await;
    }
    let lost = leases
        .iter()
        .map(|(of, lease)| Box::pin(async move { about(of.as_deref(), lease.lost().await) }));
    select_all(lost).await.0
}

fn of_parts(outcome: &mut Outcome) -> impl Iterator<Item = &mut ApplyOutcome> {
    outcome.parts.iter_mut().map(|one| &mut one.outcome)
}

/// Notes what became of writes, in each part.
fn note(outcome: &mut Outcome, writes: &[WriteOutcome]) {
    for (outcome, writes) in of_parts(outcome).zip(writes) {
        for one in &writes.written {
            outcome.written(one.kind, &one.name);
        }
        for error in &writes.failed {
            let (kind, name) = error.object();
            let moved = matches!(error, WriteError::Moved { .. });
            outcome.failed(kind, name, WriteFailure { reason: error.to_string(), moved });
        }
    }
}
