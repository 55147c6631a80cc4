//! Answers of the server to a step of a plan.

use serde_json::Value;
use snapshot_core::plan::{Action, Step};

use crate::cluster::{Cluster, ClusterError, rollout::RolloutTarget};

/// The rollout that a write has begun, and the UID of what it has created, by the server's
/// answer to it.
pub(super) fn begun(
    cluster: &Cluster,
    step: &Step,
    dry_run: bool,
    answer: &str,
) -> Result<(Option<RolloutTarget>, Option<String>), ClusterError> {
    let removed = matches!(step.action, Action::Remove { .. });
    if dry_run || removed {
        return Ok((None, None));
    }
    let unreadable = |cause| unreadable(cluster, step, cause);
    let rollout = RolloutTarget::from_answer(step.kind, &step.name, answer).map_err(unreadable)?;
    let uid = match step.action {
        Action::Create { .. } => {
            let created: Value = serde_json::from_str(answer).map_err(unreadable)?;
            created.pointer("/metadata/uid").and_then(Value::as_str).map(str::to_owned)
        }
        Action::Patch { .. } | Action::Remove { .. } => None,
    };
    Ok((rollout, uid))
}

/// True if by this error the server may mean that the object is no longer what the plan was
/// made from: a failed test of a JSON Patch is "Invalid".
pub(super) fn may_have_moved(error: &ClusterError) -> bool {
    matches!(
        error,
        ClusterError::AlreadyExists { .. }
            | ClusterError::Conflict { .. }
            | ClusterError::NotFound { .. }
            | ClusterError::Api { code: 422, .. }
    )
}

/// The path of the object that a step is about.
pub(super) fn path(cluster: &Cluster, step: &Step) -> String {
    format!("{}/{}", cluster.path(step.kind), step.name)
}

/// Error: an answer that makes no sense.
pub(super) fn unreadable(cluster: &Cluster, step: &Step, cause: serde_json::Error) -> ClusterError {
    ClusterError::answer(path(cluster, step), cause)
}
