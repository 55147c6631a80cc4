//! Wait for what may pass by itself.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use snapshot_core::verdict::{Verdict, pending};

use super::{Review, Target, prepare::Prepared, promotion::Promotion};
use crate::app::{Failure, FailureKind, evaluate::PolicyChoice};

/// The pause before the policies are asked again.
const PAUSE: Duration = Duration::from_secs(3);

impl Promotion<'_> {
    /// Asks the policies; where the user `waits`, again and again while nothing else is in the way
    /// than what may pass by itself, as the policies say of it.
    pub(super) async fn review(
        &self,
        policies: &PolicyChoice,
        target: &Target,
        prepared: &Prepared,
        waits: bool,
    ) -> Result<Review, Failure> {
        let mut warned = BTreeSet::new();
        let mut warn = |warnings: Vec<String>| {
            for warning in warnings {
                if warned.insert(warning.clone()) {
                    self.app.observer.warning(&warning);
                }
            }
        };
        let (mut review, warnings) = self.ask(policies, target, prepared).await?;
        warn(warnings);
        let Some(limit) = self.asked.evidence_wait.filter(|_| waits) else { return Ok(review) };
        let until = Instant::now() + limit;
        let mut shown = String::new();
        while review.verdict == Verdict::Undecided && Instant::now() < until {
            let Some(pending) = pending(&review.answers.reports) else { break };
            let clock = &self.app.clock;
            let end =
                clock.unix_seconds() + until.saturating_duration_since(Instant::now()).as_secs();
            if let Some(at) = pending.not_before.filter(|at| *at > end) {
                let (missing, at) = (pending.missing, clock.written(at));
                let why = format!("not waiting: {missing}; that is over at {at}, after the wait");
                self.app.observer.status(&why);
                break;
            }
            if pending.missing != shown {
                self.app.observer.status(&format!("waiting: {}", pending.missing));
                shown = pending.missing;
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE.min(until - Instant::now())) => {}
                () = self.app.stop.wait() => {
                    return Err(Failure::new("interrupted while waiting, nothing was written")
                        .with_kind(FailureKind::Interrupted));
                }
            }
            let warnings;
            (review, warnings) = self.ask(policies, target, prepared).await?;
            warn(warnings);
        }
        Ok(review)
    }
}
