//! Outcome of an apply, in a word.

use serde::Serialize;

use super::{ApplyReport, RolloutState};
use crate::render::Tone;

/// Outcome of an apply: one word for all that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Ending {
    /// The set runs, or is on its way.
    Applied,
    /// Nothing to write.
    Unchanged,
    /// The server took each write, and kept none.
    DryRun,
    /// The server did not take each write, and kept none.
    DryRunFailed,
    /// A write or a rollout failed.
    Failed,
    /// Timed out before all of it ran.
    TimedOut,
    /// Stopped on request before the end was known.
    Stopped,
    /// Everything written, and something else runs.
    Different,
}

impl Ending {
    /// A word, its tone, and what it says of the set and its target.
    pub(super) fn in_words(self) -> (&'static str, Tone, &'static str) {
        match self {
            Self::Applied => ("APPLIED", Tone::Good, "→"),
            Self::Unchanged => ("UNCHANGED", Tone::Good, "runs already in"),
            Self::DryRun => ("DRY RUN", Tone::Caution, "could be applied to"),
            Self::DryRunFailed => ("DRY RUN FAILED", Tone::Bad, "could not be applied to"),
            Self::Failed => ("FAILED", Tone::Bad, "does not run in"),
            Self::TimedOut => ("TIMED OUT", Tone::Bad, "does not run yet in"),
            Self::Stopped => ("STOPPED", Tone::Caution, "was not seen to run in"),
            Self::Different => {
                ("DIFFERENT", Tone::Bad, "was applied to, and something else runs in")
            }
        }
    }
}

impl ApplyReport {
    /// Outcome, the gravest first.
    pub(super) fn ending(&self) -> Ending {
        let any = |is: fn(&RolloutState) -> bool| self.rollouts.iter().any(|one| is(&one.state));
        let failed = !self.failed.is_empty();
        if self.dry_run {
            return if failed { Ending::DryRunFailed } else { Ending::DryRun };
        }
        if failed || any(|state| matches!(state, RolloutState::Failed { .. })) {
            Ending::Failed
        } else if any(|state| matches!(state, RolloutState::TimedOut { .. })) {
            Ending::TimedOut
        } else if !self.not_started.is_empty() || any(|state| *state == RolloutState::Stopped) {
            Ending::Stopped
        } else if self.remaining.as_ref().is_some_and(|diff| !diff.summary.is_same()) {
            Ending::Different
        } else if self.planned.is_empty() {
            Ending::Unchanged
        } else {
            Ending::Applied
        }
    }
}
