//! A decision that is written down, to be replayed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Answer, Decision};
use crate::digest::Digest;

/// A question with its answer: what a policy decided once, whole.
///
/// Policies are pure functions, so asking the same policy again gives the same
/// answer, to the byte.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedDecision {
    /// The `apiVersion` of every document of this tool.
    pub api_version: String,
    /// Always `Decision`.
    pub kind: String,
    /// Name of the policy.
    pub policy: String,
    /// The digest of its bytes.
    pub policy_digest: Digest,
    /// Decision that it was asked for.
    pub decision: Decision,
    /// The question, as the contract's records have it.
    pub question: Value,
    /// The digest of that question.
    pub question_digest: Digest,
    /// Answer of the policy.
    #[serde(flatten)]
    pub answer: Answer,
}

impl RecordedDecision {
    /// The `kind` of such a document.
    pub const KIND: &'static str = "Decision";

    /// True if a document's header says that it is a recorded decision.
    #[must_use]
    pub fn is_one(document: &Value) -> bool {
        document.get("kind").is_some_and(|kind| kind == Self::KIND)
            && document.get("question").is_some()
    }
}
