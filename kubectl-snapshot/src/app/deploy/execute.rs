//! Execution of an approved plan: writing it, waiting for it, and seeing that it holds.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use snapshot_core::{
    outcome::{ApplyOutcome, Outcome, Verification},
    parts::listed,
    plan::{ApprovedPlan, Removed, Run},
    snapshot::Snapshot,
};

use super::{
    Target,
    journals::{self, Journals},
    leases::{Held, release, take_leases},
    ledger::Ledger,
    options::{ExecuteOptions, OnFailure, Waiting},
    rehearse::rehearse,
    rollouts::{seen, wait, with_all_of},
    supervise::{Heeds, supervise},
    switching::{note_trial, switch_all},
    verify::verify,
    way_back::{GoingBack, is_needed},
};
use crate::{
    app::{App, Failure},
    cluster::{self, PartWrites, Stop, WriteOptions, WriteOutcome, stop},
};

/// Sides of an execution: the sets that are to run, and those that ran before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sides<'a> {
    /// The set's name.
    pub(super) label: &'a str,
    /// The set that each namespace is to run; none where the whole lacks it.
    pub(super) sets: &'a [Option<&'a Snapshot>],
    /// The set that each ran before.
    pub(super) before: &'a [&'a Snapshot],
}

/// An execution that may begin: nobody else applies to the namespaces.
pub(super) struct Execution<'a> {
    app: &'a App,
    target: &'a Target,
    approved: &'a ApprovedPlan,
    options: ExecuteOptions,
    leases: Vec<Held>,
    /// The objects that are to be removed, of each namespace.
    removed: Vec<Removed>,
    /// Journals of what is there before the first write.
    journals: Journals,
    /// Journals of earlier runs that did not come to their end: this one ends them.
    unfinished: Journals,
}

impl<'a> Execution<'a> {
    /// Takes the Lease of every namespace, where there is anything to write, asks whether the writes
    /// are taken, and keeps what is there before the first write of `run`.
    pub(super) async fn begin(
        app: &'a App,
        target: &'a Target,
        (approved, run): (&'a ApprovedPlan, &Run),
        options: ExecuteOptions,
        unfinished: Journals,
    ) -> Result<Self, Failure> {
        // Nothing to change means no write at all, the Lease included.
        let writes = !options.trial && !approved.plans().is_empty();
        let ends = !options.trial && !unfinished.is_empty();
        let brings = format!("{} ({})", run.snapshot, run.digest.short());
        let leases = if writes || ends {
            take_leases(app, &target.parts, &brings).await?
        } else {
            Vec::new()
        };
        let kept = if writes {
            let taken = tokio::select! {
                taken = rehearse(app, target, approved, options) => taken,
                signal = app.signals.finish() => Err(signal.failure()),
            };
            match taken {
                Ok(()) => keep(app, target, (approved, run), &unfinished).await,
                Err(failure) => Err(failure),
            }
        } else {
            Ok((Vec::new(), Journals::default()))
        };
        let (removed, journals) = match kept {
            Ok(kept) => kept,
            Err(failure) => {
                release(app, leases).await;
                return Err(failure);
            }
        };
        Ok(Self { app, target, approved, options, leases, removed, journals, unfinished })
    }

    /// Ends before the first write.
    pub(super) async fn abandon(self) {
        self.journals.forget(self.app).await;
        release(self.app, self.leases).await;
    }

    /// Writes the plan, waits for the rollouts, and captures again; where that does not come to
    /// its end, goes back. Whatever happens on the way is part of the outcome.
    pub(super) async fn run(mut self, sides: Sides<'_>) -> Outcome {
        let empty = Snapshot::default();
        let sets: Vec<&Snapshot> = sides.sets.iter().map(|set| set.unwrap_or(&empty)).collect();
        let (plans, trial) = (self.approved.plans(), self.options.trial);
        let ledger = Ledger::new(plans, trial, std::mem::take(&mut self.removed));
        let (switch, stop) = stop();
        let work = self.write_and_wait(sides.label, &sets, &stop, &ledger);
        let heeds = (&switch, Heeds::Everything);
        let is_through = supervise(self.app, &self.leases, work, heeds, &ledger).await;
        // Each write was answered for, and none was made.
        let is_untouched = is_through && ledger.traces().iter().all(BTreeMap::is_empty);
        if is_through && is_needed(self.options, &ledger.outcome(), &ledger.traces()) {
            self.go_back(&ledger, sides.before).await;
        }
        let outcome = ledger.into_outcome();
        let has_gone_back = is_through && journals::is_taken_back(&outcome);
        if is_untouched || has_gone_back || journals::is_over(&outcome) {
            self.journals.forget(self.app).await;
        }
        // What has gone back has gone back to what they left.
        if !trial && journals::is_whole(&outcome) {
            self.unfinished.forget(self.app).await;
        }
        release(self.app, self.leases).await;
        outcome
    }

    async fn go_back(&self, ledger: &Ledger, before: &[&Snapshot]) {
        let &Self { app, target, approved, options, .. } = self;
        let objects: usize = ledger.traces().iter().map(BTreeMap::len).sum();
        let objects = match objects {
            0 => "flags are".to_owned(),
            1 => "1 object is".to_owned(),
            objects => format!("{objects} objects are"),
        };
        app.observer.status(&format!("going back: {objects} to be as before"));
        let (switch, stop) = stop();
        let way_back = approved.way_back(&ledger.traces());
        let timeout = Some(options.timeout);
        let work = GoingBack { app, target, way_back: &way_back, timeout, ledger };
        let work = async {
            if work.go(&stop).await && !stop.requested() {
                work.verify(before).await;
            }
        };
        supervise(app, &self.leases, work, (&switch, Heeds::Leases), ledger).await;
    }

    /// Waits for the rollouts that a wave of writes has begun, after the last for all that are to
    /// be waited for; true where they have ended well.
    async fn roll_out(
        &self,
        (written, is_last): (&[WriteOutcome], bool),
        sets: &[&Snapshot],
        (left, stop): (Duration, &Stop),
        ledger: &Ledger,
    ) -> bool {
        let is_all = is_last && self.options.waiting == Waiting::ForAll;
        let rollouts = self.target.parts.iter().zip(written).zip(sets);
        let rollouts = rollouts.map(|((one, written), set)| {
            let begun = written.rollouts();
            let targets = if is_all { with_all_of(&set.spec, begun) } else { begun };
            (one.part.as_ref(), &one.cluster, targets)
        });
        let awaited = wait(self.app, left, stop, rollouts.collect()).await;
        let mut is_done = true;
        for (one, awaited) in of_parts(&mut ledger.outcome()).zip(awaited) {
            if is_all {
                one.rollouts.clear();
            }
            one.rollouts.extend(awaited.rollouts.into_iter().map(seen));
            if let Some(error) = awaited.broken_off {
                one.verification = Verification::Unknown { reason: error.to_string() };
            }
            is_done &= one.rollouts.iter().all(|rollout| rollout.state.is_done());
        }
        is_done
    }

    async fn write_and_wait(&self, label: &str, sets: &[&Snapshot], stop: &Stop, ledger: &Ledger) {
        let (target, plans) = (self.target, self.approved.plans());
        let parts: Vec<PartWrites<'_>> =
            target.parts.iter().map(|one| &one.cluster).zip(self.approved.parts()).collect();
        let ExecuteOptions { trial, waiting, timeout, on_failure } = self.options;
        let keep_going = on_failure == OnFailure::KeepGoing;
        let options = WriteOptions { dry_run: trial, keep_going, ..WriteOptions::default() };
        let progress = self.app.observer.count("writing", Some(plans.writes()));
        let told = |part: usize, result: &Result<_, _>| {
            ledger.wrote(part, result);
            progress.add(usize::from(result.is_ok()));
        };
        let watches = !trial && waiting != Waiting::No;
        let (waves, mut left) = (plans.waves(), timeout);
        let flags =
            async |wave| trial || switch_all(self.app, target, (plans, wave), stop, ledger).await;
        if trial {
            note_trial(plans, ledger);
        }
        let mut goes_on = true;
        for wave in 0..waves {
            // Whoever keeps going without what a flag may need does not switch it on.
            goes_on = goes_on && flags(Some(wave)).await;
            if !goes_on && !keep_going && !trial {
                break;
            }
            let written = cluster::apply(&parts, wave, &options, stop, &told).await;
            goes_on &= written.iter().all(WriteOutcome::is_complete);
            if (goes_on || keep_going) && watches {
                let is_last = wave + 1 == waves;
                let begun = (written.as_slice(), is_last);
                let since = Instant::now();
                goes_on &= self.roll_out(begun, sets, (left, stop), ledger).await;
                left = left.saturating_sub(since.elapsed());
            }
            // A trial leaves nothing half done, and names all that would be refused.
            if !goes_on && !keep_going && !trial {
                break;
            }
        }
        // What is left over may still be used until all else runs, in whatever part.
        if goes_on || trial {
            cluster::remove(&parts, &options, stop, &told).await;
        }
        drop(progress);
        if goes_on {
            goes_on = flags(None).await;
        }
        let is_written = of_parts(&mut ledger.outcome()).all(|one| one.is_written());
        if goes_on && watches && is_written {
            let verified = verify(self.app, target, label, sets).await;
            for (one, verification) in of_parts(&mut ledger.outcome()).zip(verified) {
                one.verification = match unseen(one) {
                    Some(reason) => Verification::Unknown { reason },
                    None => verification,
                };
            }
        }
    }
}

/// Sentence about the flags that services were not seen to be told of.
fn unseen(outcome: &ApplyOutcome) -> Option<String> {
    let unseen = outcome.switches.iter().filter(|one| one.is_unseen());
    let unseen: Vec<&String> = unseen.map(|one| &one.switch.flag).collect();
    (!unseen.is_empty()).then(|| format!("services were not told in time of {}", listed(&unseen)))
}

fn of_parts(outcome: &mut Outcome) -> impl Iterator<Item = &mut ApplyOutcome> {
    outcome.parts.iter_mut().map(|one| &mut one.outcome)
}

/// Keeps what is there before the first write: in each namespace, and here the objects that are to
/// be removed, which may have to come back.
async fn keep(
    app: &App,
    target: &Target,
    (approved, run): (&ApprovedPlan, &Run),
    unfinished: &Journals,
) -> Result<(Vec<Removed>, Journals), Failure> {
    let mut removed = Vec::new();
    for (one, part) in target.parts.iter().zip(approved.parts()) {
        removed.push(cluster::whole(&one.cluster, part).await?);
    }
    let journals = journals::keep(app, target, approved, run, (&removed, unfinished)).await?;
    Ok((removed, journals))
}
