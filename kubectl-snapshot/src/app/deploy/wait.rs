//! The wait for evidence.

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
    /// Asks the policies; where the user `waits`, again and again while the only thing
    /// missing is evidence.
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
            let Some(missing) = pending(&review.answers.reports) else { break };
            if missing != shown {
                self.app.observer.status(&format!("waiting: {missing}"));
                shown = missing;
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
