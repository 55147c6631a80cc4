//! Recording a decision, carrying it out, and recording how that ended.

use snapshot_core::{
    digest::Digest,
    plan::ApprovedPlan,
    record::{Completion, Decided, Named, Ruling},
};

use super::{Case, review::Review};
use crate::{
    commands::{
        deploying::{Carried, Carrying, carry_out},
        exit::Exit,
        failure::Failure,
    },
    store::Grounds,
};

/// The changes that a record tells.
const HEADLINES: usize = 20;

impl Case<'_> {
    /// Records the decision, carries it out, and records how that ended.
    pub(super) async fn bring(
        &self,
        approved: &ApprovedPlan,
        review: &Review,
        ruling: Ruling,
        trial: bool,
    ) -> Result<(Carried, Vec<u64>), Failure> {
        let carrying = Carrying { trial, wait: true, timeout: self.deploy().timeout };
        let (session, place, found) = (self.session, &self.place, &self.prepared.found);
        if trial {
            let carried =
                carry_out(carrying, session, place, approved, found, async || Ok(())).await?;
            return Ok((carried, Vec::new()));
        }
        let grounds = review.grounds();
        let mut ledger = self.ledger();
        // A decision that was recorded has to end, whatever comes.
        let _hold = session.signals.hold()?;
        // Nobody else writes there by now: what is kept is what runs.
        let carried = carry_out(carrying, session, place, approved, found, async || {
            let kept = self.keep().await?;
            let decided = self.decided(review, &grounds, ruling, kept);
            ledger.decide(decided, &grounds).await
        })
        .await;
        // Nothing was decided, so nothing has to end.
        if ledger.numbers().is_empty() {
            return carried.map(|carried| (carried, Vec::new()));
        }
        let (completion, details) = match &carried {
            Ok(carried) => (completion(carried), carried.report.problems()),
            Err(failure) if failure.exit == Exit::Conflict => {
                (Completion::Conflict, vec![failure.message.clone()])
            }
            Err(failure) => (Completion::Failed, vec![failure.message.clone()]),
        };
        if let Err(unrecorded) = ledger.end(completion, details).await {
            session.ui.warning(&format!(
                "how it ended ({}) is not recorded: {}",
                completion.in_words(),
                unrecorded.message
            ));
        }
        Ok((carried?, ledger.numbers()))
    }

    /// What a record says of the decision.
    pub(super) fn decided(
        &self,
        review: &Review,
        grounds: &Grounds,
        ruling: Ruling,
        [snapshot, before]: [Named; 2],
    ) -> Decided {
        let digest =
            |(decision, text): (&String, &String)| (decision.clone(), Digest::of(text.as_bytes()));
        Decided {
            way: self.request.way,
            snapshot,
            target: self.place.target(),
            before,
            reason: self.request.args.reason.clone(),
            verdict: review.verdict,
            decision: ruling,
            policies: review.answers.reports.clone(),
            questions: grounds.questions.iter().map(digest).collect(),
            summary: self.prepared.diff.summary,
            changes: self.prepared.diff.headlines(HEADLINES),
        }
    }
}

/// How it ended, by what it says to the shell.
fn completion(carried: &Carried) -> Completion {
    match carried.exit {
        Exit::Done => Completion::Succeeded,
        Exit::Conflict => Completion::Conflict,
        Exit::TimedOut => Completion::TimedOut,
        Exit::Interrupted => Completion::Interrupted,
        _ => Completion::Failed,
    }
}
