//! The way back of a plan: each object is looked at, and made what it was.

use std::{cmp::Reverse, time::Duration};

use futures::{StreamExt, stream};
use serde_json::Value;
use snapshot_core::{
    manifest::Kind,
    owner::in_owners_name,
    plan::{ApprovedPart, Need, Removed, Return, Since, WayBack},
    tree::Operation,
};
use tokio::time::sleep;

use super::{blocking::Broken, owned::Change};
use crate::cluster::{Cluster, ClusterError, Query, Stop, rollout::RolloutTarget};

/// Objects that are made what they were at once.
const CONCURRENCY: usize = 32;

/// Looks at an object that changes between the look and the write.
const RACES: usize = 8;

/// Pauses before an object is looked at again, of which an answer was lost, or that is going.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(300),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(4),
];

/// An object that is as it was before the plan.
#[derive(Clone, Debug)]
pub struct Back {
    /// The object's kind.
    pub kind: Kind,
    /// The object's name.
    pub name: String,
    /// Rollout to wait for, where there is one.
    pub rollout: Option<RolloutTarget>,
    /// Pods that were deleted, for they would have kept it waiting.
    pub deleted_pods: Vec<String>,
}

/// Error: an object is not as it was before the plan.
#[derive(Debug, thiserror::Error)]
pub enum BackError {
    /// Object that somebody else has written since.
    #[error("{kind} {name} was {since} by someone else since, and is left as it is")]
    Moved {
        /// The object's kind.
        kind: Kind,
        /// The object's name.
        name: String,
        /// Deed of theirs.
        since: Since,
    },
    /// Object that is still being deleted.
    #[error("{kind} {name} is still being deleted, and cannot be created again")]
    Ending {
        /// The object's kind.
        kind: Kind,
        /// The object's name.
        name: String,
    },
    /// The cluster did not answer as hoped.
    #[error("{kind} {name} was not written back: {cause}")]
    Refused {
        /// The object's kind.
        kind: Kind,
        /// The object's name.
        name: String,
        /// The server's words.
        #[source]
        cause: ClusterError,
    },
}

impl BackError {
    /// The object that is not as it was.
    #[must_use]
    pub fn object(&self) -> (Kind, &str) {
        match self {
            Self::Moved { kind, name, .. }
            | Self::Ending { kind, name }
            | Self::Refused { kind, name, .. } => (*kind, name),
        }
    }
}

/// The objects that a plan removes, whole as the server has them: what is to be created again
/// has to be known before it is gone.
pub async fn whole(cluster: &Cluster, part: ApprovedPart<'_>) -> Result<Removed, ClusterError> {
    let mut found = Removed::new();
    for step in part.removals() {
        let path = format!("{}/{}", cluster.path(step.kind), step.name);
        if let Some(text) = cluster.get(&path).await? {
            let object =
                serde_json::from_str(&text).map_err(|error| ClusterError::answer(path, error))?;
            found.insert((step.kind, step.name.clone()), object);
        }
    }
    Ok(found)
}

/// Goes back in the namespaces of a plan: what others need first, and what the plan has created
/// last. `told` is called as each object is done with; nothing is begun once `stop` is asked for.
pub async fn go_back(
    clusters: &[&Cluster],
    way_back: &WayBack,
    stop: &Stop,
    told: &(dyn Fn(usize, Result<Back, BackError>) + Sync),
) {
    let of_part = |(part, returns): (usize, &Vec<Return>)| {
        returns.iter().map(|one| (part, one.clone())).collect::<Vec<_>>()
    };
    let all: Vec<(usize, Return)> = way_back.parts().iter().enumerate().flat_map(of_part).collect();
    let wave = |one: &Return| one.kind.spec().wave;
    let (mut deletions, mut writes): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(_, one)| one.is_deletion());
    writes.sort_by_key(|(_, one)| wave(one));
    deletions.sort_by_key(|(_, one)| Reverse(wave(one)));
    for ordered in [writes, deletions] {
        for wave in ordered.chunk_by(|(_, one), (_, next)| wave(one) == wave(next)) {
            carry_out(clusters, wave, stop, told).await;
        }
    }
}

async fn carry_out(
    clusters: &[&Cluster],
    wave: &[(usize, Return)],
    stop: &Stop,
    told: &(dyn Fn(usize, Result<Back, BackError>) + Sync),
) {
    let returned = wave.iter().map(|(part, one)| async move {
        if stop.requested() {
            return None;
        }
        Some((*part, make(clusters[*part], one).await))
    });
    let mut returned = stream::iter(returned).buffer_unordered(CONCURRENCY);
    while let Some(result) = returned.next().await {
        if let Some((part, result)) = result {
            told(part, result);
        }
    }
}

/// Makes one object what it was.
async fn make(cluster: &Cluster, one: &Return) -> Result<Back, BackError> {
    let (kind, name) = (one.kind, || one.name.clone());
    let refused = |cause| BackError::Refused { kind, name: name(), cause };
    let path = format!("{}/{}", cluster.path(kind), one.name);
    let answer = |error| ClusterError::answer(path.clone(), error);
    let (mut races, mut pauses) = (RACES, PAUSES.into_iter());
    let mut broken = None;
    loop {
        let tried = attempt(cluster, one, &path, &mut broken).await;
        let cause = match tried {
            Ok(Tried::Done(text)) => {
                let rollout = match text {
                    Some(text) => RolloutTarget::from_answer(kind, &one.name, &text)
                        .map_err(|error| refused(answer(error)))?,
                    None => None,
                };
                // Where it cannot be done, the wait tells what is in the way.
                let deleted_pods = match &broken {
                    Some(broken) => broken.delete_pods(cluster, &path).await.unwrap_or_default(),
                    None => Vec::new(),
                };
                return Ok(Back { kind, name: name(), rollout, deleted_pods });
            }
            Ok(Tried::Left(since)) => return Err(BackError::Moved { kind, name: name(), since }),
            Ok(Tried::Gone) => match pauses.next() {
                Some(pause) => {
                    sleep(pause).await;
                    continue;
                }
                None => return Err(BackError::Ending { kind, name: name() }),
            },
            Err(cause) => cause,
        };
        // Whatever it was, the next look tells what is to be done.
        let has_moved = matches!(
            cause,
            ClusterError::Conflict { .. }
                | ClusterError::AlreadyExists { .. }
                | ClusterError::NotFound { .. }
                | ClusterError::Api { code: 422, .. }
        );
        if has_moved && races > 0 {
            races -= 1;
        } else if cause.is_lost_answer() || cause.may_pass() {
            match pauses.next() {
                Some(pause) => sleep(pause).await,
                None => return Err(refused(cause)),
            }
        } else {
            return Err(refused(cause));
        }
    }
}

/// End of one attempt.
enum Tried {
    /// Success: it is as it was; with the object, where it is there.
    Done(Option<String>),
    Gone,
    Left(Since),
}

async fn attempt(
    cluster: &Cluster,
    one: &Return,
    path: &str,
    broken: &mut Option<Broken>,
) -> Result<Tried, ClusterError> {
    let answer = |error| ClusterError::answer(path.to_owned(), error);
    let text = cluster.get(path).await?;
    let live: Option<Value> =
        text.as_deref().map(serde_json::from_str).transpose().map_err(answer)?;
    let query = Query::default();
    match one.need(live.as_ref()) {
        Need::Nothing => Ok(Tried::Done(text.filter(|_| !one.is_deletion()))),
        Need::Patch(operations) => {
            if one.kind == Kind::StatefulSet {
                *broken = live.as_ref().and_then(Broken::of);
            }
            let answer = match &live {
                Some(live) if is_applied(one.kind, live, &operations) => {
                    let changes: Vec<Operation> =
                        operations.into_iter().filter(Operation::is_change).collect();
                    let (kind, changes, dry_run) = (one.kind, &*changes, false);
                    Change { cluster, kind, path, changes, dry_run }.make(live).await?
                }
                _ => {
                    let body = serde_json::to_string(&operations).map_err(answer)?;
                    cluster.patch(path, &body, &query).await?
                }
            };
            Ok(Tried::Done(Some(answer)))
        }
        Need::Create(mut manifest) => {
            manifest["metadata"]["namespace"] = cluster.namespace().into();
            let (path, body) = (cluster.path(one.kind), manifest.to_string());
            cluster.create(&path, &body, &query).await.map(|text| Tried::Done(Some(text)))
        }
        Need::Delete { uid } => {
            cluster.delete_exactly(path, &uid, false).await.map(|()| Tried::Done(None))
        }
        Need::Gone => Ok(Tried::Gone),
        Need::Left(since) => Ok(Tried::Left(since)),
    }
}

/// True where a deployer applies on the server what is written back: it goes back in its name, or
/// the deployer's next apply would meet a conflict.
fn is_applied(kind: Kind, live: &Value, operations: &[Operation]) -> bool {
    matches!(in_owners_name(kind, live, operations), Ok(Some(_)))
}
