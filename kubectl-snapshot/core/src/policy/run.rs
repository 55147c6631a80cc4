//! One policy, asked one question.

use serde::Serialize;

use super::{Answer, Decision};
use crate::{digest::Digest, verdict::Outcome};

/// Result of asking one policy one question, with its cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Name of the policy, as the user gave it.
    pub policy: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// Decision that it was asked for.
    pub decision: Decision,
    /// The question's digest.
    pub question_digest: Digest,
    /// Answer of the policy.
    #[serde(flatten)]
    pub answer: Answer,
    /// Next step for the user where the policy did not decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// True if the policy gave no answer of its own: it crashed, or was stopped.
    #[serde(skip)]
    pub failed: bool,
    /// Text that the policy printed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub printed: String,
    /// Wall time from instantiating it to its answer, in microseconds.
    pub microseconds: u64,
    /// The most memory it had, in bytes.
    pub peak_memory: u64,
}

impl Run {
    /// Outcome as the verdict takes it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match &self.answer {
            Answer::Findings(findings) => Outcome::Decided { findings: findings.clone() },
            Answer::Undecided(reason) => Outcome::Undecided {
                reason: match &self.hint {
                    Some(hint) => format!("{reason}; {hint}"),
                    None => reason.clone(),
                },
            },
        }
    }
}
