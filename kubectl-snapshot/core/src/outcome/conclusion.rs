//! The conclusion from an outcome: one word for all that happened.

use super::{ApplyOutcome, Interruption, RolloutState, Verification};

/// The conclusion from an outcome, the gravest first in case of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// A write or a rollout failed.
    Failed,
    /// Conflict: somebody else changed an object since the plan was made.
    Conflict,
    /// Timed out before all of it ran.
    TimedOut,
    /// Interruption before the end was known.
    Interrupted,
    /// The namespace's Lease was lost before the end was known.
    LeaseLost,
    /// All was written, and whether it runs could not be seen.
    Unverified,
    /// Everything written, and something else runs.
    Different,
    /// Nothing was to be written: it ran before.
    Unchanged,
    /// All was written, and runs or is on its way.
    Applied,
}

impl ApplyOutcome {
    /// The conclusion from all that is known.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        let any = |is: fn(&RolloutState) -> bool| self.rollouts.iter().any(|one| is(&one.state));
        let unseen = any(|state| *state == RolloutState::Unknown);
        if self.failures().any(|failure| failure.moved) {
            Conclusion::Conflict
        } else if self.failures().next().is_some()
            || any(|state| matches!(state, RolloutState::Failed { .. }))
        {
            Conclusion::Failed
        } else if any(|state| matches!(state, RolloutState::TimedOut { .. })) {
            Conclusion::TimedOut
        } else if any(|state| *state == RolloutState::Stopped) {
            self.stopped()
        } else if unseen || matches!(self.verification, Verification::Unknown { .. }) {
            Conclusion::Unverified
        } else if self.not_started().next().is_some() {
            self.stopped()
        } else if matches!(self.verification, Verification::Different(_)) {
            Conclusion::Different
        } else if self.had_nothing_to_write() {
            Conclusion::Unchanged
        } else {
            Conclusion::Applied
        }
    }

    fn stopped(&self) -> Conclusion {
        match self.interruption {
            Some(Interruption::LeaseLost { .. }) => Conclusion::LeaseLost,
            Some(Interruption::Signal) | None => Conclusion::Interrupted,
        }
    }
}
