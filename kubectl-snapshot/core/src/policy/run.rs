//! One policy, asked one question.

use serde::Serialize;

use super::Answer;
use crate::{digest::Digest, verdict::Outcome};

/// What came of asking one policy one question, and what it took.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// What the user calls the policy.
    pub policy: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// What it was asked: `compatibility` or `promotion`.
    pub decision: String,
    /// The question's digest.
    pub question_digest: Digest,
    /// What it answered.
    #[serde(flatten)]
    pub answer: Answer,
    /// What to do where it did not decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Whether it gave no answer of its own: it crashed, or was stopped.
    #[serde(skip)]
    pub failed: bool,
    /// What it printed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub printed: String,
    /// Wall time from instantiating it to its answer, in microseconds.
    pub microseconds: u64,
    /// The most memory it had, in bytes.
    pub peak_memory: u64,
}

impl Run {
    /// The same as one policy's part in a decision has it.
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
