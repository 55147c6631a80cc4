//! A promotion or rollback: a deployment to a stage, decided by its policies and recorded.

use snapshot_core::{
    digest::Digest,
    ladder::Ladder,
    plan::MayOverride,
    policy::Decision,
    promotion::Actor,
    record::{Chain, Decided, Ruling, SnapshotRef},
    stage::Stage,
    verdict::Verdict,
};

use super::{
    OnFailure, Review, StageRequest, Target, prepare::Prepared, record_writer::RecordWriter,
};
use crate::{
    app::{App, AppError, Failure},
    store::{DecisionInputs, Store},
};

/// The changes that a record tells.
const HEADLINES: usize = 20;

/// A promotion or rollback, and everything that is known of it.
pub(super) struct Promotion<'a> {
    pub(super) app: &'a App,
    pub(super) store: &'a Store,
    pub(super) asked: &'a StageRequest,
    pub(super) ladder: Ladder,
    pub(super) stage: Stage,
    /// The chain as it was before anything was decided: whoever adds to it meanwhile is noticed.
    pub(super) chain: Chain,
    pub(super) actor: Actor,
}

impl Promotion<'_> {
    /// True where rollouts of earlier attempts are to be waited for as well.
    pub(super) fn has_open_rollouts(&self, prepared: &Prepared) -> bool {
        self.chain.has_open_rollouts(&prepared.candidate.document.digest())
    }

    /// The answer to a failure: what an earlier attempt has left half done is no state to go back
    /// to.
    pub(super) fn on_failure(&self, wanted: OnFailure) -> OnFailure {
        let Some(half_done) = self.chain.half_done().filter(|_| wanted == OnFailure::GoBack) else {
            return wanted;
        };
        let number = half_done.link.record.number;
        let stage = &self.chain.stage;
        self.app.observer.warning(&format!(
            "record {stage}/{number} has left {stage} half done: there is nothing to go back to if \
             this fails"
        ));
        OnFailure::Leave
    }

    /// The right to override, where the user wants to and may.
    pub(super) async fn may_override(
        &self,
        verdict: Verdict,
    ) -> Result<Option<MayOverride>, Failure> {
        if verdict < Verdict::Undecided || !self.asked.overriding {
            return Ok(None);
        }
        let connections = &self.app.connections;
        let namespace = connections.store_namespace().ok_or(AppError::NoRolesInFiles)?;
        let stage = &self.asked.stage;
        let may = connections.connected().await?.may_override(stage, namespace).await?;
        may.map(Some).ok_or_else(|| {
            let (actor, namespace) = (self.actor.name.clone(), namespace.to_owned());
            AppError::MayNotOverride { actor, stage: stage.clone(), namespace }.into()
        })
    }

    /// Records that it may not go there, and returns the numbers of the records.
    pub(super) async fn record_refusal(
        &self,
        target: &Target,
        prepared: &Prepared,
        review: &Review,
    ) -> Result<Vec<u64>, Failure> {
        let candidate = &prepared.candidate;
        let digest = candidate.document.digest();
        // Neither is kept: nothing comes of it that somebody may want to go back from.
        let snapshot = SnapshotRef { name: Some(candidate.label.clone()), digest };
        let before = SnapshotRef { name: None, digest: prepared.running.digest() };
        let inputs = review.inputs();
        let decided =
            self.decided(target, prepared, review, &inputs, Ruling::Refused, [snapshot, before]);
        let mut writer = self.writer();
        writer.decide(decided, &inputs).await?;
        Ok(writer.numbers())
    }

    /// Retains both sets, and records that it may go there. Nobody else writes to the target by
    /// now: what is retained is what runs.
    pub(super) async fn record_decision(
        &self,
        target: &Target,
        prepared: &Prepared,
        review: &Review,
        ruling: Ruling,
    ) -> Result<RecordWriter<'_>, Failure> {
        let inputs = review.inputs();
        let retained = self.retain(prepared).await?;
        let decided = self.decided(target, prepared, review, &inputs, ruling, retained);
        let mut writer = self.writer();
        writer.decide(decided, &inputs).await?;
        Ok(writer)
    }

    fn writer(&self) -> RecordWriter<'_> {
        RecordWriter::new(self.app, self.store, &self.actor, self.chain.clone())
    }

    fn decided(
        &self,
        target: &Target,
        prepared: &Prepared,
        review: &Review,
        inputs: &DecisionInputs,
        ruling: Ruling,
        [snapshot, before]: [SnapshotRef; 2],
    ) -> Decided {
        let digest =
            |(decision, text): (&Decision, &String)| (*decision, Digest::of(text.as_bytes()));
        let parts = prepared.plans.parts().iter();
        let parts = parts.filter_map(|one| Some((one.part.clone()?, one.plan.target.clone())));
        Decided {
            awaited: target.is_awaited,
            parts: parts.collect(),
            operation: self.asked.operation,
            snapshot,
            target: target.parts[0].namespace(),
            before,
            reason: self.asked.reason.clone(),
            verdict: review.verdict,
            decision: ruling,
            policies: review.answers.reports.clone(),
            questions: inputs.questions.iter().map(digest).collect(),
            summary: prepared.summary(),
            changes: prepared.headlines(HEADLINES),
        }
    }
}
