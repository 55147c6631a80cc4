//! The audit record's view of an outcome.

use super::{
    ApplyOutcome, Conclusion, Interruption, RolloutState, Verification, WayBackOutcome, conclusion,
};
use crate::{plan::ObjectName, record::Completion};

/// The most differences and objects that a record names.
const NAMED: usize = 20;

/// The completion to record of the outcomes in all namespaces together.
pub(super) fn completion(parts: &[&ApplyOutcome]) -> Completion {
    match conclusion::of(parts) {
        Conclusion::Applied | Conclusion::Unchanged | Conclusion::Arrived => {
            let any = |is: fn(&Verification) -> bool| parts.iter().any(|one| is(&one.verification));
            if any(|one| matches!(one, Verification::Different(_))) {
                Completion::Different
            } else if any(|one| !matches!(one, Verification::Same(_))) {
                Completion::Unverified
            } else {
                Completion::Succeeded
            }
        }
        Conclusion::RolledBack => Completion::RolledBack,
        Conclusion::Different => Completion::Different,
        Conclusion::Unverified => Completion::Unverified,
        Conclusion::Failed => Completion::Failed,
        Conclusion::Conflict | Conclusion::LeaseLost => Completion::Conflict,
        Conclusion::TimedOut => Completion::TimedOut,
        Conclusion::Interrupted => Completion::Interrupted,
    }
}

impl ApplyOutcome {
    /// The completion to record. Only what was seen to run has succeeded.
    #[must_use]
    pub fn completion(&self) -> Completion {
        completion(&[self])
    }

    /// The problems to record, a line each.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        self.problems_in(self.conclusion())
    }

    /// The problems here, where this is the conclusion from the whole.
    pub(super) fn problems_in(&self, conclusion: Conclusion) -> Vec<String> {
        let failures = self.failures().map(|failure| failure.reason.clone());
        let rollouts = self.rollouts.iter().filter_map(|one| match &one.state {
            RolloutState::Failed { reason } | RolloutState::TimedOut { reason } => {
                Some(format!("{} {}: {reason}", one.kind, one.name))
            }
            RolloutState::Done { .. } | RolloutState::Stopped | RolloutState::Unknown => None,
        });
        let rest = [self.interrupted(conclusion), self.left_undone(), self.unverified()];
        let way_back = self.way_back.iter().flat_map(went_back);
        failures.chain(rollouts).chain(rest.into_iter().flatten()).chain(way_back).collect()
    }

    /// The cause for which something was left undone.
    pub(super) fn interrupted(&self, conclusion: Conclusion) -> Option<String> {
        let is_cause = match conclusion {
            Conclusion::Interrupted | Conclusion::LeaseLost => true,
            Conclusion::RolledBack | Conclusion::Unverified => self.way_back.is_some(),
            _ => false,
        };
        match self.interruption.as_ref().filter(|_| is_cause)? {
            Interruption::Signal => Some("interrupted".to_owned()),
            Interruption::LeaseLost { reason } => Some(reason.clone()),
        }
    }

    /// The writes that were not begun.
    fn left_undone(&self) -> Option<String> {
        let objects: Vec<&ObjectName> = self.not_started().collect();
        let mut names: Vec<String> =
            objects.iter().take(NAMED).map(|one| format!("{} {}", one.kind, one.name)).collect();
        let more = objects.len() - names.len();
        if more > 0 {
            names.push(format!("{more} more"));
        }
        (!names.is_empty()).then(|| {
            let (undone, all) = (objects.len(), self.steps.len());
            format!("{undone} of {all} writes not begun: {}", names.join(", "))
        })
    }

    fn unverified(&self) -> Option<String> {
        // What runs then was not to be what was asked for.
        if self.way_back.is_some() {
            return None;
        }
        match &self.verification {
            Verification::NotAsked | Verification::Same(_) => None,
            Verification::Different(diff) => {
                let differences = diff.differences(NAMED).join("; ");
                Some(format!("what runs is not what was asked for: {differences}"))
            }
            Verification::Unknown { reason } => {
                Some(format!("whether what was asked for runs could not be seen: {reason}"))
            }
        }
    }
}

/// The end of the way back, a line for each problem.
fn went_back(way_back: &WayBackOutcome) -> Vec<String> {
    let left = way_back.left_objects();
    let named = left.iter().take(NAMED).map(|one| {
        let why = one.reason.as_deref().unwrap_or("the way back ended before it");
        format!("{} {} is not as it was before: {why}", one.kind, one.name)
    });
    let mut lines: Vec<String> = named.collect();
    if left.len() > NAMED {
        lines.push(format!("{} more objects are not as they were before", left.len() - NAMED));
    }
    let rollouts = way_back.rollouts.iter().filter_map(|one| {
        let state = match &one.state {
            RolloutState::Done { .. } => return None,
            RolloutState::Failed { reason } | RolloutState::TimedOut { reason } => reason.as_str(),
            RolloutState::Stopped => "not waited for",
            RolloutState::Unknown => "not seen to its end",
        };
        Some(format!("{} {} has gone back, and does not run yet: {state}", one.kind, one.name))
    });
    lines.extend(rollouts);
    match &way_back.verification {
        Verification::NotAsked | Verification::Same(_) => {}
        Verification::Different(diff) => {
            let differences = diff.differences(NAMED).join("; ");
            lines.push(format!("what runs is not what ran before: {differences}"));
        }
        Verification::Unknown { reason } => {
            lines.push(format!("whether what ran before runs again could not be seen: {reason}"));
        }
    }
    lines
}
