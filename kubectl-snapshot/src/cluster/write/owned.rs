//! A change in its owner's name: server-side apply of all that the owner has, with the plan's
//! values in it.

use serde_json::Value;
use snapshot_core::{
    manifest::{Kind, clean},
    owner::{in_owners_name, is_as_planned},
    plan::Step,
    tree::{self, Operation},
};
use tokio::time::sleep;

use super::{
    Moved, Written,
    answer::{begun, may_have_moved, path, unreadable},
    outcome::WriteError,
};
use crate::cluster::{Cluster, ClusterError, Query, request::AGAIN};

/// Number of retries of a write that lost a race: an apply is guarded by the resource version, which
/// each change of status and each scaler moves.
const RACES: usize = 20;

/// Makes one change in its owner's name, as a trial where `dry_run` says so.
///
/// The object may have moved since the plan was made: where it has not moved in what the plan
/// changes, the change is made from how it is now.
pub(super) async fn write(
    cluster: &Cluster,
    step: &Step,
    (operations, planned): (&[Operation], &Value),
    dry_run: bool,
) -> Result<Written, WriteError> {
    let (kind, name) = (step.kind, step.name.clone());
    let refused = |cause| WriteError::Refused { kind, name: step.name.clone(), cause };
    let unknown = |cause| WriteError::Unknown { kind, name: step.name.clone(), cause };
    let moved = |how| WriteError::Moved { kind, name: step.name.clone(), how };
    let changes: Vec<Operation> =
        operations.iter().filter(|one| one.is_change()).cloned().collect();
    let path = path(cluster, step);
    let change = Change { cluster, kind, path: &path, changes: &changes, dry_run };
    let (mut races, mut pauses) = (RACES, AGAIN.into_iter());
    let mut live = planned.clone();
    let answer = loop {
        let cause = match change.make(&live).await {
            Ok(answer) => break answer,
            Err(cause) => cause,
        };
        let is_lost = cause.is_lost_answer();
        if !may_have_moved(&cause) && !is_lost {
            return Err(refused(cause));
        }
        let text = match cluster.get(&path).await {
            Ok(Some(text)) => text,
            Ok(None) => return Err(moved(Moved::Deleted)),
            // A trial is never kept.
            Err(_) if is_lost && !dry_run => return Err(unknown(cause)),
            Err(_) => return Err(refused(cause)),
        };
        let now: Value = serde_json::from_str(&text)
            .map_err(|error| refused(unreadable(cluster, step, error)))?;
        if change.is_made(planned, &now) {
            break text;
        }
        if !is_as_planned(planned, &now, &changes) {
            // It may have been this write; not every change can be told by what it leaves.
            return Err(if is_lost && !dry_run { unknown(cause) } else { moved(Moved::Changed) });
        }
        if is_lost {
            let Some(pause) = pauses.next() else { return Err(refused(cause)) };
            sleep(pause).await;
        } else if races > 0 && matches!(cause, ClusterError::Conflict { .. }) {
            races -= 1;
        } else {
            return Err(refused(cause));
        }
        live = now;
    };
    let (rollout, uid) = begun(cluster, step, dry_run, &answer).map_err(unknown)?;
    Ok(Written { kind, name, rollout, uid })
}

/// One change of an object, which may be its way back.
pub(super) struct Change<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) kind: Kind,
    /// Path of the object.
    pub(super) path: &'a str,
    /// The operations, without tests.
    pub(super) changes: &'a [Operation],
    /// True where it is only tried.
    pub(super) dry_run: bool,
}

impl Change<'_> {
    /// Makes the change in an object that is as `live`, and returns the server's answer.
    pub(super) async fn make(&self, live: &Value) -> Result<String, ClusterError> {
        let Self { cluster, kind, path, changes, dry_run } = self;
        let query =
            if *dry_run { Query::default().with("dryRun", "All") } else { Query::default() };
        // Nobody owns what he owned when the plan was made.
        let Ok(Some(write)) = in_owners_name(*kind, live, changes) else {
            return self.patch(live, changes, &query).await;
        };
        let answer =
            cluster.apply_as(&write.manager, path, &write.body.to_string(), &query).await?;
        let made: Value =
            serde_json::from_str(&answer).map_err(|error| ClusterError::answer(*path, error))?;
        // An apply neither orders lists anew nor takes away what others have as well.
        let left = self.left(live, &made).unwrap_or_default();
        if left.is_empty() || *dry_run {
            return Ok(answer);
        }
        self.patch(&made, &left, &query).await
    }

    /// Makes operations in an object, where what they change is as in `live`.
    async fn patch(
        &self,
        live: &Value,
        operations: &[Operation],
        query: &Query,
    ) -> Result<String, ClusterError> {
        let guards = operations.iter().filter_map(|one| match one {
            Operation::Replace { path, .. } | Operation::Remove { path } => {
                Some(Operation::Test { path: path.clone(), value: live.pointer(path)?.clone() })
            }
            Operation::Add { .. } | Operation::Test { .. } => None,
        });
        let guarded: Vec<Operation> = guards.chain(operations.iter().cloned()).collect();
        let body = serde_json::to_string(&guarded)
            .map_err(|error| ClusterError::answer(self.path, error))?;
        self.cluster.patch(self.path, &body, query).await
    }

    /// The operations that are still to be made in an object, of those that were to be made in
    /// `before`; none where they do not fit that.
    fn left(&self, before: &Value, object: &Value) -> Option<Vec<Operation>> {
        let kind = self.kind;
        let wanted = tree::changed(before, self.changes)?;
        Some(tree::operations(&clean(kind, object.clone()), &clean(kind, wanted)))
    }

    /// True if an object has everything that was to be made in `planned`.
    fn is_made(&self, planned: &Value, object: &Value) -> bool {
        self.left(planned, object).is_some_and(|left| left.is_empty())
    }
}
