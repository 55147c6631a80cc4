//! Stages, and what runs there by their records.

use snapshot_core::promotion::StageState;
use snapshot_policy_host::records::{self, Deployed};

/// A stage, with what was last deployed there whole.
pub(super) fn stage(state: &StageState) -> records::StageState {
    let deployed = state.runs.as_ref().map(|standing| Deployed {
        snapshot_digest: standing.snapshot.to_string(),
        name: standing.name.clone(),
        record_number: standing.record,
        record_digest: standing.record_digest.to_string(),
        actor: standing.actor.clone(),
        at: standing.at,
        doubt: standing.doubt.clone(),
    });
    records::StageState { stage: state.stage.to_string(), runs: deployed }
}
