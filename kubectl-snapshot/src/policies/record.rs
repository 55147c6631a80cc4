//! Records of decisions, and their replay.

use snapshot_core::{
    policy::{RecordedDecision, Run},
    snapshot::API_VERSION,
};

use super::{NotAQuestion, Question};

/// A question with its answer, as a document.
#[must_use]
pub fn record(question: &Question, run: &Run) -> RecordedDecision {
    RecordedDecision {
        api_version: API_VERSION.to_owned(),
        kind: RecordedDecision::KIND.to_owned(),
        policy: run.policy.clone(),
        policy_digest: run.digest,
        decision: run.decision,
        question: question.to_value(),
        question_digest: run.question_digest,
        answer: run.answer.clone(),
    }
}

/// The question of a recorded decision.
pub fn recorded_question(decision: &RecordedDecision) -> Result<Question, NotAQuestion> {
    Question::from_value(decision.decision, &decision.question)
}
