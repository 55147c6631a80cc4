//! The end of a rollout, as far as it was seen.

use serde::Serialize;

use crate::manifest::Kind;

/// The end of one workload's rollout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rollout {
    /// The workload's kind.
    pub kind: Kind,
    /// The workload's name.
    pub name: String,
    /// End of the wait for it.
    #[serde(flatten)]
    pub state: RolloutState,
}

/// The end of the wait for a rollout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum RolloutState {
    /// The workload runs what was written.
    Done {
        /// Something that the reader should know all the same.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The workload will not run what was written.
    Failed {
        /// The reason.
        reason: String,
    },
    /// The workload did not run what was written in time.
    TimedOut {
        /// The last thing that was waited for.
        reason: String,
    },
    /// Stopped: nobody waited for its end.
    Stopped,
    /// Unseen end: the wait broke off.
    Unknown,
}

impl RolloutState {
    /// True where the workload runs what was written.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }

    /// True where the workload will not run what was written.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        matches!(self, Self::Failed { .. })
    }
}
