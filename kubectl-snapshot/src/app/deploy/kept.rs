//! Plans that are kept in a file: made of what is about to be written, and held on to later.

use snapshot_core::{
    pin::Pin,
    plan::{KeptPart, KeptPlan, PlannedOperation},
    record::{Operation, SnapshotRef},
};

use super::{Destination, Request, Target, prepare::Prepared};
use crate::app::{AppError, Failure, resolved::ResolvedDocument};

/// The plan, where it is to be kept, or held against one that was.
///
/// # Errors
/// It is not exactly what was planned.
pub(super) fn kept(
    request: &Request,
    target: &Target,
    prepared: &mut Prepared,
    pin: Pin,
) -> Result<Option<KeptPlan>, Failure> {
    if let Some(planned) = &request.planned {
        prepared.plans.hold_to(planned);
    }
    if request.planned.is_none() && !request.keeps_plan {
        return Ok(None);
    }
    let (operation, stage) = match &request.destination {
        Destination::Namespaces { .. } | Destination::NamespacesOf(_) => {
            (PlannedOperation::Apply, None)
        }
        Destination::Stage(asked) => {
            let operation = match asked.operation {
                Operation::Promotion => PlannedOperation::Promotion,
                Operation::Rollback => PlannedOperation::Rollback,
            };
            (operation, Some(asked.stage.clone()))
        }
    };
    let ResolvedDocument { label, document } = &prepared.candidate;
    let servers = target.parts.iter().map(|one| one.cluster.server());
    let now = KeptPlan {
        operation,
        snapshot: SnapshotRef { name: Some(label.clone()), digest: document.digest() },
        stage,
        variables: target.variables.clone(),
        pin,
        prune: request.prunes(),
        field_manager: request.field_manager.clone(),
        parts: KeptPart::all(&prepared.plans, servers),
    };
    let moved = request.planned.as_ref().map(|planned| planned.moved(&now)).unwrap_or_default();
    if moved.is_empty() { Ok(Some(now)) } else { Err(AppError::PlanMoved { moved }.into()) }
}
