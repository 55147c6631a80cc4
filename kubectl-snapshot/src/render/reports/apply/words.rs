//! Words for the conclusion from an apply.

use snapshot_core::outcome::Conclusion;

use crate::render::Tone;

/// A word, its tone, and what it says of the set and its target.
pub(super) fn of(
    conclusion: Conclusion,
    dry_run: bool,
    went_back: bool,
) -> (&'static str, Tone, &'static str) {
    if dry_run {
        return match conclusion {
            Conclusion::Failed
            | Conclusion::Conflict
            | Conclusion::TimedOut
            | Conclusion::RolledBack => ("DRY RUN FAILED", Tone::Bad, "could not be applied to"),
            Conclusion::Interrupted | Conclusion::LeaseLost => {
                ("DRY RUN STOPPED", Tone::Caution, "was not checked to its end for")
            }
            Conclusion::Unverified
            | Conclusion::Different
            | Conclusion::Unchanged
            | Conclusion::Applied
            | Conclusion::Arrived => ("DRY RUN", Tone::Caution, "could be applied to"),
        };
    }
    match conclusion {
        Conclusion::Applied => ("APPLIED", Tone::Good, "→"),
        Conclusion::Arrived => ("ARRIVED", Tone::Good, "runs in"),
        Conclusion::Unchanged => ("UNCHANGED", Tone::Good, "runs already in"),
        Conclusion::Failed | Conclusion::Conflict => ("FAILED", Tone::Bad, "does not run in"),
        Conclusion::RolledBack => ("ROLLED BACK", Tone::Bad, "was taken back from"),
        Conclusion::TimedOut => ("TIMED OUT", Tone::Bad, "does not run yet in"),
        Conclusion::Interrupted | Conclusion::LeaseLost => {
            ("STOPPED", Tone::Caution, "was not seen to run in")
        }
        Conclusion::Unverified if went_back => {
            ("TAKEN BACK", Tone::Bad, "was taken back, and not all is seen to be as before in")
        }
        Conclusion::Unverified => ("UNVERIFIED", Tone::Bad, "was not seen to run in"),
        Conclusion::Different => {
            ("DIFFERENT", Tone::Bad, "was applied to, and something else runs in")
        }
    }
}

/// The word of `-o json`.
pub(super) fn for_machines(conclusion: Conclusion, dry_run: bool) -> &'static str {
    match conclusion {
        Conclusion::Failed | Conclusion::Conflict if dry_run => "dryRunFailed",
        Conclusion::Unchanged | Conclusion::Applied if dry_run => "dryRun",
        Conclusion::Applied => "applied",
        Conclusion::Arrived => "arrived",
        Conclusion::Unchanged => "unchanged",
        Conclusion::Failed | Conclusion::Conflict => "failed",
        Conclusion::RolledBack => "rolledBack",
        Conclusion::TimedOut => "timedOut",
        Conclusion::Interrupted | Conclusion::LeaseLost => "stopped",
        Conclusion::Unverified => "unverified",
        Conclusion::Different => "different",
    }
}
