//! The outcome of switching flags where they live.

use serde::Serialize;

use super::WriteFailure;
use crate::plan::FlagSwitch;

/// A flag that was to be switched, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SwitchOutcome {
    /// The switch.
    pub switch: FlagSwitch,
    /// State that it has reached.
    pub state: SwitchState,
}

/// State of a switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SwitchState {
    /// Nothing was sent.
    NotStarted,
    /// The system has switched it.
    Done {
        /// True if services were seen to be told so.
        is_served: bool,
    },
    /// Failure: it was refused, or nobody knows.
    Failed {
        /// The reason.
        failure: WriteFailure,
        /// True where it may have been switched nevertheless.
        may_be_done: bool,
    },
}

impl SwitchOutcome {
    /// A switch of which nothing has happened yet.
    #[must_use]
    pub fn of(switch: &FlagSwitch) -> Self {
        Self { switch: switch.clone(), state: SwitchState::NotStarted }
    }

    /// True where it was made.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self.state, SwitchState::Done { .. })
    }

    /// True where it was made, and services were not seen to be told so.
    #[must_use]
    pub fn is_unseen(&self) -> bool {
        self.state == SwitchState::Done { is_served: false }
    }

    /// True where the flag may be other than before.
    #[must_use]
    pub fn has_left_a_trace(&self) -> bool {
        matches!(
            self.state,
            SwitchState::Done { .. } | SwitchState::Failed { may_be_done: true, .. }
        )
    }

    /// The reason why it was not made.
    #[must_use]
    pub fn failure(&self) -> Option<&WriteFailure> {
        match &self.state {
            SwitchState::Failed { failure, .. } => Some(failure),
            SwitchState::NotStarted | SwitchState::Done { .. } => None,
        }
    }
}

/// A flag on the way back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlagReturn {
    /// The flag.
    pub flag: String,
    /// State that it had before.
    pub to: String,
    /// True where it is so again.
    pub is_back: bool,
    /// The reason why it is not, a sentence; none where the way back did not come to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
