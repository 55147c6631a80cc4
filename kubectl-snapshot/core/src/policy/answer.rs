//! What one policy answered.

use serde::{Deserialize, Serialize};

use crate::verdict::Finding;

/// What one policy answered to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// What it said; nothing is a yes.
    Findings(Vec<Finding>),
    /// Why it did not decide.
    Undecided(String),
}
