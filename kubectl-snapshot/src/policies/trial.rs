//! Trial of a policy: an empty question, which every policy can answer.

use snapshot_core::{
    name::StageName,
    policy::{Decision, Settings},
};
use snapshot_policy_host::{Policy, Undecided};

use super::{Question, trace};

/// Error: a policy cannot answer an empty question.
#[derive(Debug, thiserror::Error)]
#[error("it cannot answer an empty question about {decision}: {cause}")]
pub struct NoAnswer {
    decision: Decision,
    cause: Undecided,
}

impl NoAnswer {
    /// Hint of the host: what the policy's author can do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        self.cause.hint()
    }
}

/// Asks a policy an empty question where the caller may block.
pub(super) fn try_out(
    name: &str,
    policy: &Policy,
    settings: &Settings,
    stage: Option<&StageName>,
    now: u64,
) -> Result<(), NoAnswer> {
    for decision in policy.decisions() {
        let question = Question::empty(decision, stage, now);
        let evaluation = trace::ask(name, policy, &question.with(settings), None);
        evaluation.result.map_err(|cause| NoAnswer { decision, cause })?;
    }
    Ok(())
}
