//! One step of a plan: the request, and what its answer means.

use std::borrow::Cow;

use serde_json::Value;
use snapshot_core::{
    manifest::clean,
    owner::is_as_planned,
    plan::{Action, Step},
};
use tokio::time::sleep;

use super::{
    Written,
    answer::{begun, may_have_moved, path, unreadable},
    moved::{self, Judgement, Moved},
    outcome::WriteError,
    owned,
};
use crate::cluster::{Cluster, ClusterError, Query, request::AGAIN};

/// Number of retries of a write that lost a race: a scaler writes several times a second.
const RACES: usize = 20;

/// Makes one write, as a trial where `dry_run` says so.
pub(super) async fn write(
    cluster: &Cluster,
    step: &Step,
    dry_run: bool,
) -> Result<Written, WriteError> {
    if let Action::Patch { operations, in_owners_name: Some(planned), .. } = &step.action {
        return owned::write(cluster, step, (operations, planned), dry_run).await;
    }
    let refused = |cause| WriteError::Refused { kind: step.kind, name: step.name.clone(), cause };
    let mut current = Cow::Borrowed(step);
    let mut races = RACES;
    let mut pauses = AGAIN.into_iter();
    // An answer that makes no sense is a lost one: the server may have written.
    let begun = |answer: &str| begun(cluster, step, dry_run, answer);
    let (rollout, uid) = loop {
        let asked = request(cluster, &current, dry_run).await;
        let cause = match asked.and_then(|answer| begun(&answer)) {
            Ok(begun) => break begun,
            Err(cause) => cause,
        };
        let is_lost = cause.is_lost_answer();
        if !may_have_moved(&cause) && !is_lost {
            return Err(refused(cause));
        }
        let unknown =
            |cause| WriteError::Unknown { kind: step.kind, name: step.name.clone(), cause };
        // Without a look at the object, the server's first words are the best there are.
        let live = match cluster.get(&path(cluster, step)).await {
            Ok(live) => live,
            // A trial is never kept.
            Err(_) if is_lost && !dry_run => return Err(unknown(cause)),
            Err(_) => return Err(refused(cause)),
        };
        let senseless = |cause| refused(unreadable(cluster, step, cause));
        let now: Option<Value> =
            live.as_deref().map(serde_json::from_str).transpose().map_err(senseless)?;
        match judge(&current, now.as_ref()) {
            Judgement::AsWanted => match begun(&live.unwrap_or_default()) {
                Ok(begun) => break begun,
                Err(cause) => return Err(unknown(cause)),
            },
            // Others have changed what is none of the plan's business: the replicas, say.
            Judgement::Moved(Moved::Changed)
                if races > 0
                    && let Some(again) = now.as_ref().and_then(|now| from_now_on(step, now)) =>
            {
                races -= 1;
                current = Cow::Owned(again);
            }
            // It may have been this write; not every change can be told by what it leaves.
            Judgement::Moved(_) if is_lost && !dry_run => return Err(unknown(cause)),
            Judgement::Moved(how) => {
                return Err(WriteError::Moved { kind: step.kind, name: step.name.clone(), how });
            }
            // Controllers write status all the time; the guard lets a repetition do no harm.
            Judgement::AsPlanned if races > 0 && matches!(cause, ClusterError::Conflict { .. }) => {
                races -= 1;
            }
            // The guard lets a repetition do no harm.
            Judgement::AsPlanned if is_lost => match pauses.next() {
                Some(pause) => sleep(pause).await,
                None => return Err(refused(cause)),
            },
            Judgement::AsPlanned => return Err(refused(cause)),
        }
    };
    Ok(Written { kind: step.kind, name: step.name.clone(), rollout, uid })
}

async fn request(cluster: &Cluster, step: &Step, dry_run: bool) -> Result<String, ClusterError> {
    let query = if dry_run { Query::default().with("dryRun", "All") } else { Query::default() };
    match &step.action {
        Action::Create { manifest } => {
            let mut manifest = manifest.clone();
            manifest["metadata"]["namespace"] = cluster.namespace().into();
            if !step.kind.group().is_empty() {
                let version = cluster.version_of(step.kind);
                manifest["apiVersion"] = format!("{}/{version}", step.kind.group()).into();
            }
            cluster.create(&cluster.path(step.kind), &manifest.to_string(), &query).await
        }
        Action::Remove { uid, .. } => {
            let path = path(cluster, step);
            cluster.delete_exactly(&path, uid, dry_run).await.map(|()| String::new())
        }
        Action::Patch { operations, .. } => {
            let path = path(cluster, step);
            let body = serde_json::to_string(operations)
                .map_err(|error| ClusterError::answer(path.clone(), error))?;
            cluster.patch(&path, &body, &query).await
        }
    }
}

fn judge(step: &Step, live: Option<&Value>) -> Judgement {
    match &step.action {
        Action::Create { manifest } => moved::of_create(step.kind, manifest, live),
        Action::Patch { operations, .. } => moved::of_patch(operations, live),
        Action::Remove { uid, .. } => moved::of_remove(uid, live),
    }
}

/// The step, guarded by how its object is now; none where what it changes is not as it was.
fn from_now_on(step: &Step, now: &Value) -> Option<Step> {
    let Action::Patch { operations, change, in_owners_name: None } = &step.action else {
        return None;
    };
    if !is_as_planned(&change.before, &clean(step.kind, now.clone()), operations) {
        return None;
    }
    let operations = moved::guarded_by(operations, now)?;
    let action = Action::Patch { operations, change: change.clone(), in_owners_name: None };
    Some(Step { action, ..step.clone() })
}
