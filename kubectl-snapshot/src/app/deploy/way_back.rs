//! The way back of an execution that did not come to its end: what ran before runs again.

use std::{sync::Mutex, time::Duration};

use snapshot_core::{
    outcome::{
        Conclusion, FlagReturn, Interruption, Outcome, SwitchOutcome, Verification, WayBackOutcome,
    },
    plan::{Traces, WayBack},
    snapshot::Snapshot,
};

use super::{
    Target,
    ledger::Ledger,
    options::{ExecuteOptions, OnFailure},
    rollouts::{seen, wait},
    switching::{Turn, switch_back},
    verify::verify,
};
use crate::{
    app::App,
    cluster::{self, Back, Cluster, RolloutTarget, Stop},
};

/// The time that rollouts may take on the way back, at least: nobody who is short of it for
/// something new wants to be short of it here.
const AT_LEAST: Duration = Duration::from_mins(1);

/// The way back of an execution.
pub(super) struct GoingBack<'a> {
    pub(super) app: &'a App,
    pub(super) target: &'a Target,
    pub(super) way_back: &'a WayBack,
    /// The time that its rollouts may take altogether; none where nobody waits for them.
    pub(super) timeout: Option<Duration>,
    pub(super) ledger: &'a Ledger,
}

/// True where an outcome asks for going back, and there is anything to go back from.
pub(super) fn is_needed(options: ExecuteOptions, outcome: &Outcome, traces: &[Traces]) -> bool {
    let has_ended_badly = match outcome.before_going_back() {
        Conclusion::Failed
        | Conclusion::Conflict
        | Conclusion::TimedOut
        | Conclusion::Interrupted => true,
        // Of what could not be seen nobody knows that it does not run; who has lost the Lease
        // writes nothing.
        Conclusion::RolledBack
        | Conclusion::LeaseLost
        | Conclusion::Unverified
        | Conclusion::Different
        | Conclusion::Unchanged
        | Conclusion::Applied
        | Conclusion::Arrived => false,
    };
    let has_lost_lease = outcome
        .parts
        .iter()
        .any(|one| matches!(one.outcome.interruption, Some(Interruption::LeaseLost { .. })));
    options.on_failure == OnFailure::GoBack
        && !options.trial
        && has_ended_badly
        && !has_lost_lease
        && (traces.iter().any(|traces| !traces.is_empty()) || has_switched(outcome))
}

fn has_switched(outcome: &Outcome) -> bool {
    let switches = outcome.parts.iter().flat_map(|one| &one.outcome.switches);
    switches.into_iter().any(SwitchOutcome::has_left_a_trace)
}

impl GoingBack<'_> {
    /// Makes every object that was written what it was, and waits for the rollouts; `true` where
    /// that came to its end.
    pub(super) async fn go(&self, stop: &Stop) -> bool {
        let Self { app, target, way_back, ledger, .. } = self;
        for (one, returns) in ledger.outcome().parts.iter_mut().zip(way_back.parts()) {
            one.outcome.way_back = Some(WayBackOutcome::new(returns));
        }
        self.name_flags();
        // Before what they need goes.
        switch_back(app, target, Turn::On, ledger).await;
        let progress = app.observer.count("going back", Some(way_back.objects()));
        let clusters: Vec<&Cluster> = target.parts.iter().map(|one| &one.cluster).collect();
        let begun: Mutex<Vec<(usize, RolloutTarget)>> = Mutex::default();
        cluster::go_back(&clusters, way_back, stop, &|part, result| {
            ledger.went_back(part, &result);
            progress.add(1);
            let Ok(Back { kind, name, rollout, deleted_pods }) = result else { return };
            for pod in deleted_pods {
                app.observer.status(&format!(
                    "pod {pod} is deleted: it would never have been ready, and kept {kind} {name} from going back"
                ));
            }
            if let (Some(rollout), Ok(mut begun)) = (rollout, begun.lock()) {
                begun.push((part, rollout));
            }
        })
        .await;
        drop(progress);
        let begun = begun.into_inner().unwrap_or_default();
        if let Some(timeout) = self.timeout {
            self.wait(begun, timeout, stop).await;
        }
        switch_back(app, target, Turn::Off, ledger).await;
        self.ways_back(|ways| ways.iter().all(|one| one.is_through()))
    }

    /// Names the flags that have to go back, before the first of them does.
    fn name_flags(&self) {
        for at in 0..self.target.parts.len() {
            for switch in self.ledger.switches_made(at).into_iter().rev() {
                let (flag, to) = (switch.flag, switch.from);
                let open = FlagReturn { flag, to, is_back: false, reason: None };
                self.ledger.switched_back(at, open);
            }
        }
    }

    /// Compares what runs with the sets that ran in the namespaces before.
    pub(super) async fn verify(&self, before: &[&Snapshot]) {
        let ran = format!("{} before", self.target.label);
        let verified = verify(self.app, self.target, &ran, before).await;
        self.ways_back(|ways| {
            for (one, verification) in ways.iter_mut().zip(verified) {
                one.verification = verification;
            }
        });
    }

    /// Waits for the rollouts that going back has begun.
    async fn wait(&self, begun: Vec<(usize, RolloutTarget)>, timeout: Duration, stop: &Stop) {
        let parts = self.target.parts.iter().enumerate().map(|(at, one)| {
            let of_part = begun.iter().filter(|(part, _)| *part == at);
            let targets = of_part.map(|(_, target)| target.clone()).collect();
            (one.part.as_ref(), &one.cluster, targets)
        });
        let awaited = wait(self.app, timeout.max(AT_LEAST), stop, parts.collect()).await;
        self.ways_back(|ways| {
            for (one, awaited) in ways.iter_mut().zip(awaited) {
                one.rollouts = awaited.rollouts.into_iter().map(seen).collect();
                if let Some(error) = awaited.broken_off {
                    one.verification = Verification::Unknown { reason: error.to_string() };
                }
            }
        });
    }

    fn ways_back<T>(&self, with: impl FnOnce(&mut [&mut WayBackOutcome]) -> T) -> T {
        let mut outcome = self.ledger.outcome();
        let ways = outcome.parts.iter_mut().filter_map(|one| one.outcome.way_back.as_mut());
        with(&mut ways.collect::<Vec<_>>())
    }
}
