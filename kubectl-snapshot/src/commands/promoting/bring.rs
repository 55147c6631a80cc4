//! Recording a decision, carrying it out, and recording how that ended.

use snapshot_core::{
    digest::Digest,
    outcome::ApplyOutcome,
    plan::ApprovedPlan,
    record::{Decided, Named, Ruling},
};

use super::{Case, review::Review};
use crate::{
    commands::{
        deploying::{Carrying, Waiting, carry_out},
        exit::Exit,
        failure::Failure,
    },
    store::Grounds,
};

/// The changes that a record tells.
const HEADLINES: usize = 20;

/// Outcome of a deployment to a stage, and its records.
pub(super) struct Brought {
    pub(super) outcome: ApplyOutcome,
    /// The numbers of the records that were written; none of a dry run.
    pub(super) records: Vec<u64>,
    /// True if the record of the end is missing.
    is_end_missing: bool,
}

impl Brought {
    /// Exit code. Nobody who goes by the records must take for done what they do not tell.
    pub(super) fn exit(&self) -> Exit {
        match Exit::from(&self.outcome) {
            Exit::Done if self.is_end_missing => Exit::Failed,
            exit => exit,
        }
    }
}

impl Case<'_> {
    /// Records the decision, carries it out, and records how that ended.
    pub(super) async fn bring(
        &self,
        approved: &ApprovedPlan,
        review: &Review,
        ruling: Ruling,
        trial: bool,
    ) -> Result<Brought, Failure> {
        let (session, place, found) = (self.session, &self.place, &self.prepared.found);
        let waiting = if self.chain.has_open_rollouts(&found.snapshot.spec.digest()) {
            Waiting::ForAll
        } else {
            Waiting::ForWritten
        };
        let carrying = Carrying { trial, waiting, timeout: self.deploy().timeout };
        if trial {
            let outcome =
                carry_out(carrying, session, place, approved, found, async || Ok(())).await?;
            return Ok(Brought { outcome, records: Vec::new(), is_end_missing: false });
        }
        let grounds = review.grounds();
        let mut ledger = self.ledger();
        // A decision that was recorded has to end, whatever comes.
        let _hold = session.signals.hold()?;
        // Nobody else writes there by now: what is kept is what runs.
        let outcome = carry_out(carrying, session, place, approved, found, async || {
            let kept = self.keep().await?;
            let decided = self.decided(review, &grounds, ruling, kept);
            ledger.decide(decided, &grounds).await
        })
        .await?;
        let completion = outcome.completion();
        let unrecorded = ledger.end(completion, outcome.problems()).await.err();
        if let Some(failure) = &unrecorded {
            session.ui.warning(&format!(
                "how it ended ({}) is not recorded: {}",
                completion.in_words(),
                failure.message
            ));
        }
        let records = ledger.numbers();
        Ok(Brought { outcome, records, is_end_missing: unrecorded.is_some() })
    }

    /// Record of the decision.
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
