//! The conclusion from an outcome: one word for all that happened.

use super::{ApplyOutcome, Awaited, Interruption, RolloutState, Verification, WayBackOutcome};

/// The conclusion from an outcome, the gravest first in case of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// Something went wrong on the way, and what ran before was seen to run again.
    RolledBack,
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
    /// Nothing was to be written: the place's own deployer has brought it.
    Arrived,
}

impl ApplyOutcome {
    /// The conclusion from all that is known.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        of(&[self])
    }
}

/// The conclusion from the outcomes in all namespaces together.
pub(super) fn of(parts: &[&ApplyOutcome]) -> Conclusion {
    let ways_back = || parts.iter().filter_map(|one| one.way_back.as_ref());
    if ways_back().next().is_none() {
        return forward(parts);
    }
    if ways_back().all(WayBackOutcome::is_seen) {
        Conclusion::RolledBack
    } else if ways_back().all(WayBackOutcome::is_through) {
        // All was written back, and something else runs, or nobody could see what. After a
        // conflict that is what somebody else has written.
        match forward(parts) {
            Conclusion::Conflict => Conclusion::Conflict,
            _ => Conclusion::Unverified,
        }
    } else {
        forward(parts)
    }
}

/// The conclusion from what was written and seen before anything was undone.
pub(super) fn forward(parts: &[&ApplyOutcome]) -> Conclusion {
    let any = |is: fn(&RolloutState) -> bool| {
        parts.iter().flat_map(|one| &one.rollouts).any(|one| is(&one.state))
    };
    let unseen = any(|state| *state == RolloutState::Unknown);
    let verified = |is: fn(&Verification) -> bool| parts.iter().any(|one| is(&one.verification));
    let awaited = |end: Awaited| parts.iter().any(|one| one.awaited == Some(end));
    let mut failures = parts.iter().flat_map(|one| one.failures());
    if parts.iter().flat_map(|one| one.failures()).any(|failure| failure.moved) {
        Conclusion::Conflict
    } else if failures.next().is_some() || any(|state| matches!(state, RolloutState::Failed { .. }))
    {
        Conclusion::Failed
    } else if any(|state| matches!(state, RolloutState::TimedOut { .. }))
        || awaited(Awaited::NotInTime)
    {
        Conclusion::TimedOut
    } else if any(|state| *state == RolloutState::Stopped) || awaited(Awaited::Stopped) {
        stopped(parts)
    } else if unseen || verified(|one| matches!(one, Verification::Unknown { .. })) {
        Conclusion::Unverified
    } else if parts.iter().any(|one| one.is_cut_short()) {
        stopped(parts)
    } else if verified(|one| matches!(one, Verification::Different(_))) {
        Conclusion::Different
    } else if awaited(Awaited::Arrived) {
        Conclusion::Arrived
    } else if parts.iter().all(|one| one.had_nothing_to_write()) {
        Conclusion::Unchanged
    } else {
        Conclusion::Applied
    }
}

fn stopped(parts: &[&ApplyOutcome]) -> Conclusion {
    let is_lost =
        |one: &&ApplyOutcome| matches!(one.interruption, Some(Interruption::LeaseLost { .. }));
    if parts.iter().any(is_lost) { Conclusion::LeaseLost } else { Conclusion::Interrupted }
}
