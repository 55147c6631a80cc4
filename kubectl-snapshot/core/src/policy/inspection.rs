//! What a policy's file holds.

use serde::Serialize;
use serde_json::Value;

use super::About;
use crate::digest::Digest;

/// What a file that is said to be a policy holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// What the user calls it.
    pub source: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// How many there are.
    pub bytes: u64,
    /// The line of the contract it was built for, `0.1`, where it says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// What it says of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The JSON Schema of its settings, where it takes any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings_schema: Option<Value>,
    /// What it exports.
    pub exports: Vec<String>,
    /// What it imports.
    pub imports: Vec<String>,
    /// Why this plugin cannot run it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// Why a policy cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}
