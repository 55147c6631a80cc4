//! Recorded facts about the candidate, whole.

use snapshot_core::evidence::{Evidence, Measure, Outcome};
use snapshot_policy_host::records::{self, Fact};

/// A recorded fact with all that is known of it.
pub(super) fn fact(evidence: &Evidence) -> Fact {
    Fact {
        kind: evidence.kind.clone(),
        name: evidence.name.clone(),
        ending: match evidence.outcome {
            Outcome::Passed => records::Outcome::Passed,
            Outcome::Failed => records::Outcome::Failed,
        },
        value: evidence.value.as_ref().map(Measure::number),
        measured: evidence.value.as_ref().map(ToString::to_string),
        stage: evidence.stage.as_ref().map(ToString::to_string),
        actor: evidence.actor.clone(),
        groups: evidence.groups.clone(),
        at: evidence.at,
        detail: evidence.detail.clone(),
        link: evidence.link.clone(),
    }
}
