//! Answer of one policy.

use serde::{Deserialize, Serialize};

use crate::verdict::Finding;

/// Answer of one policy to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Findings; none means yes.
    Findings(Vec<Finding>),
    /// Reason why the policy did not decide.
    Undecided(String),
}
