//! Awaiting a set: a stage's own deployer brings it, by a commit, and here it is waited for.

use std::time::Duration;

use snapshot_core::{
    diff::{self, Diff},
    outcome::{ApplyOutcome, Awaited, Verification},
    snapshot::Snapshot,
    stage::Stage,
};
use tokio::time::Instant;

use super::{
    Deployment, DryRun, Request, Review, Target,
    ledger::Ledger,
    prepare::Prepared,
    promotion::Promotion,
    reading::read_silently,
    rollouts::{seen, wait, with_all_of},
    supervise::{Heeds, supervise},
};
use crate::{
    app::{App, AppError, Failure, read::finish_silently},
    cluster::{Stop, stop},
};

/// The pause between two looks, at least.
const PAUSE: Duration = Duration::from_secs(2);

/// The pause, as so many times what a look takes: a large place is not read all the time.
const SHARE: u32 = 10;

/// True where nothing is written to a stage, which is said.
///
/// # Errors
/// Writes are to be planned or checked there.
pub(super) fn is_awaited(
    app: &App,
    request: &Request,
    stage: &Stage,
    awaits: bool,
) -> Result<bool, Failure> {
    if !awaits && !stage.is_awaited() {
        return Ok(false);
    }
    let is_about_writes =
        request.planned.is_some() || request.keeps_plan || request.dry_run == Some(DryRun::Server);
    let stage = &stage.name;
    if is_about_writes {
        return Err(AppError::NothingToWrite { stage: stage.clone() }.into());
    }
    app.observer.status(&format!(
        "nothing is written to stage {stage}: its own deployer brings what differs"
    ));
    Ok(true)
}

/// Warns of writes to the namespaces of a stage that its own deployer brings everything to.
pub(super) fn warn_of_deployer(app: &App, target: &Target) {
    if let Some(stage) = target.stage.as_ref().filter(|stage| stage.is_awaited()) {
        app.observer.warning(&format!(
            "stage {} takes snapshots by a commit alone: what is written here, its own deployer \
             puts back",
            stage.name
        ));
    }
}

impl Promotion<'_> {
    /// Records the decision, waits until the stage runs the set, and records how that ended.
    ///
    /// # Errors
    /// The decision could not be recorded: nobody waits then.
    pub(super) async fn wait_for_arrival(
        &self,
        target: &Target,
        (prepared, review): (&Prepared, &Review),
        mut deployment: Deployment,
        timeout: Duration,
    ) -> Result<Deployment, Failure> {
        let app = self.app;
        let empty = Snapshot::default();
        let sets = target.sets(&prepared.candidate)?;
        let sets: Vec<&Snapshot> = sets.into_iter().map(|set| set.unwrap_or(&empty)).collect();
        // What was decided has to end, whatever comes.
        let _hold = app.signals.hold()?;
        let ruling = deployment.decision;
        let mut writer = self.record_decision(target, prepared, review, ruling).await?;
        let ledger = Ledger::new(&prepared.plans.without_writes(), false, Vec::new());
        let (switch, stop) = stop();
        let label = prepared.candidate.label.as_str();
        let until = Instant::now() + timeout;
        let arrival = Arrival { app, target, label, sets: &sets, until, ledger: &ledger };
        arrival.note(|one| one.awaited = Some(Awaited::Stopped));
        let work = arrival.wait(&stop);
        supervise(app, &[], work, (&switch, Heeds::Everything), &ledger).await;
        let outcome = ledger.into_outcome();
        deployment.is_end_missing = !writer.end_of(&outcome).await;
        deployment.records = writer.numbers();
        deployment.outcome = Some(outcome);
        Ok(deployment)
    }
}

/// The arrival of a set that is waited for.
struct Arrival<'a> {
    app: &'a App,
    target: &'a Target,
    label: &'a str,
    sets: &'a [&'a Snapshot],
    until: Instant,
    ledger: &'a Ledger,
}

impl Arrival<'_> {
    /// Looks again and again until every namespace runs its set, all rollouts ended, or the time is
    /// over.
    async fn wait(&self, stop: &Stop) {
        let (mut told, mut has_rolled_out) = (String::new(), false);
        while !stop.requested() {
            let begun = Instant::now();
            let is_written = self.look(&mut told).await;
            let is_there = self.is_there();
            if is_there && has_rolled_out {
                return self.note(|one| one.awaited = Some(Awaited::Arrived));
            }
            if is_written && !has_rolled_out {
                has_rolled_out = self.roll_out(stop).await;
                if has_rolled_out {
                    continue;
                }
                if self.has_failed() {
                    return;
                }
            } else if !is_written {
                has_rolled_out = false;
            }
            let now = Instant::now();
            if now >= self.until {
                return self.note(|one| {
                    let is_there = matches!(one.verification, Verification::Same(_));
                    let is_rolled_out = one.rollouts.iter().all(|one| one.state.is_done());
                    let has_arrived = is_there && is_rolled_out;
                    one.awaited =
                        Some(if has_arrived { Awaited::Arrived } else { Awaited::NotInTime });
                });
            }
            let pause = PAUSE.max((now - begun) * SHARE).min(self.until - now);
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.wait() => return,
            }
        }
    }

    /// Compares each namespace with its set, and says what is still missing where that has changed;
    /// true where all is as it is to be but for the pods.
    async fn look(&self, told: &mut String) -> bool {
        let looks = self.compare().await;
        let is_written = looks.iter().all(|look| matches!(look, Ok((true, _))));
        let says = looks.iter().find_map(|look| match look {
            Ok((_, diff)) if diff.summary.is_same() => None,
            Ok((_, diff)) => Some(diff.differences(1).join("; ")),
            Err(reason) => Some(reason.clone()),
        });
        if let Some(says) = says.filter(|says| says != told) {
            let (place, set) = (&self.target.label, self.label);
            self.app.observer.status(&format!("waiting for {set} in {place}: {says}"));
            *told = says;
        }
        let mut looks = looks.into_iter();
        self.note(|one| {
            one.verification = match looks.next() {
                Some(Ok((_, diff))) => Verification::of(diff),
                Some(Err(reason)) => Verification::Unknown { reason },
                None => Verification::NotAsked,
            };
        });
        is_written
    }

    /// The comparison of each namespace with its set, and true where it differs in pods alone.
    async fn compare(&self) -> Vec<Result<(bool, Diff), String>> {
        let options = self.target.options.to_capture(true);
        let observed = match read_silently(self.app, self.target, &options).await {
            Ok(observed) => observed,
            Err(failure) => {
                return self.sets.iter().map(|_| Err(failure.message.clone())).collect();
            }
        };
        let mut compared = Vec::new();
        for ((one, observed), set) in self.target.parts.iter().zip(observed).zip(self.sets) {
            let source = format!("live:{}", one.namespace());
            compared.push(match finish_silently(observed.assembly, source).await {
                Ok((now, _)) => {
                    let diff = diff::compare([self.label, &one.label()], set, &now);
                    let is_written = diff.clone().without_additions().summary.is_same();
                    let diff = diff.with_pods(&set.spec, &now.spec).without_additions();
                    Ok((is_written, diff))
                }
                Err(failure) => Err(failure.message),
            });
        }
        compared
    }

    /// Waits for the rollouts of all workloads of the sets; true where all have ended well.
    async fn roll_out(&self, stop: &Stop) -> bool {
        let left = self.until.saturating_duration_since(Instant::now());
        let parts = self.target.parts.iter().zip(self.sets);
        let parts = parts.map(|(one, set)| {
            (one.part.as_ref(), &one.cluster, with_all_of(&set.spec, Vec::new()))
        });
        let mut awaited = wait(self.app, left, stop, parts.collect()).await.into_iter();
        self.note(|one| {
            let Some(awaited) = awaited.next() else { return };
            one.rollouts = awaited.rollouts.into_iter().map(seen).collect();
            if let Some(error) = awaited.broken_off {
                one.verification = Verification::Unknown { reason: error.to_string() };
            }
        });
        let outcome = self.ledger.outcome();
        let mut rollouts = outcome.parts.iter().flat_map(|one| &one.outcome.rollouts);
        rollouts.all(|one| one.state.is_done())
    }

    /// True where every namespace was seen to run its set.
    fn is_there(&self) -> bool {
        let outcome = self.ledger.outcome();
        outcome.parts.iter().all(|one| matches!(one.outcome.verification, Verification::Same(_)))
    }

    /// True where a workload will not run what was brought.
    fn has_failed(&self) -> bool {
        let outcome = self.ledger.outcome();
        let mut rollouts = outcome.parts.iter().flat_map(|one| &one.outcome.rollouts);
        rollouts.any(|one| one.state.has_failed())
    }

    /// Notes something of each namespace, in their order.
    fn note(&self, mut note: impl FnMut(&mut ApplyOutcome)) {
        self.ledger.outcome().parts.iter_mut().for_each(|one| note(&mut one.outcome));
    }
}
