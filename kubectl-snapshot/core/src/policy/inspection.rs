//! Inspection report of a policy's file.

use serde::Serialize;
use serde_json::Value;

use super::About;
use crate::digest::Digest;

/// Contents of a file that is said to be a policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// Name as the user gave it.
    pub source: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// Size of the file, in bytes.
    pub bytes: u64,
    /// The line of the contract it was built for, `0.1`, where it says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// Description that the policy gives of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The JSON Schema of its settings, where it takes any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings_schema: Option<Value>,
    /// Exports of the component.
    pub exports: Vec<String>,
    /// Imports of the component.
    pub imports: Vec<String>,
    /// Reason why this plugin cannot run it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// Reason why a policy cannot be run, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Description of the problem.
    pub message: String,
    /// Next step for the user.
    pub hint: String,
}
