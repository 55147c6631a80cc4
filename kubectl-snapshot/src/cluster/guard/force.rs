//! State of the guard: installed, in force, or hidden from the user.

use std::time::Duration;

use serde_json::{Value, json};
use snapshot_core::assembly::STORE_LABEL;
use tokio::time::{Instant, sleep};

use super::policy;
use crate::cluster::{Cluster, ClusterError, Query};

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(250);

/// Waits until the API server refuses what this version's guard forbids, `limit` at most.
///
/// Returns whether it does. A cluster with several API servers may have one
/// that learns of the guard later than the one that answered.
pub async fn wait_in_force(
    cluster: &Cluster,
    store: &str,
    limit: Duration,
) -> Result<bool, ClusterError> {
    let end = Instant::now() + limit;
    loop {
        if refuses(cluster, store, &forgery()).await?
            && refuses(cluster, store, &empty_chunk()).await?
        {
            return Ok(true);
        }
        if Instant::now() + PAUSE > end {
            return Ok(false);
        }
        sleep(PAUSE).await;
    }
}

/// State of the guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuardState {
    /// The API server refuses what it forbids.
    InForce,
    /// In force, but of an earlier version, which forbids less.
    Old,
    /// Installed, but the API server accepts what it forbids.
    Idle,
    /// Absent.
    Absent,
    /// The caller may not see it; the server's words.
    Hidden(String),
}

/// State of the guard of the store in a namespace. Nothing is written: a trial asks the API
/// server, and where the caller may not even try, its objects are looked for.
pub async fn guard_state(cluster: &Cluster, store: &str) -> Result<GuardState, ClusterError> {
    let tried = match refuses(cluster, store, &forgery()).await {
        Ok(true) => {
            let is_new = refuses(cluster, store, &empty_chunk()).await?;
            return Ok(if is_new { GuardState::InForce } else { GuardState::Old });
        }
        Ok(false) => true,
        Err(ClusterError::NotFound { .. }) => return Ok(GuardState::Absent),
        Err(ClusterError::Forbidden { .. }) => false,
        Err(error) => return Err(error),
    };
    let mut there = Vec::new();
    for manifest in policy::guard(store) {
        match cluster.get(&manifest.path()).await {
            Ok(object) => there.push(object.is_some()),
            Err(ClusterError::Forbidden { .. }) if tried => return Ok(GuardState::Absent),
            Err(ClusterError::Forbidden { message, .. }) => return Ok(GuardState::Hidden(message)),
            Err(error) => return Err(error),
        }
    }
    Ok(match (there.contains(&true), tried, there.contains(&false)) {
        (false, ..) => GuardState::Absent,
        // Both its objects are there, and nobody has seen it fail.
        (true, false, false) => GuardState::InForce,
        (true, ..) => GuardState::Idle,
    })
}

/// A record that nobody may write: without an actor.
fn forgery() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "records.forged.000000"},
    })
}

/// A chunk without bytes, which the first version of the guard let everybody write.
fn empty_chunk() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": format!("chunk.{}", "0".repeat(64)),
            "labels": {STORE_LABEL: "chunk"},
        },
        "immutable": true,
    })
}

/// Tries to write what the guard forbids. A trial leaves nothing behind where it is not refused.
async fn refuses(cluster: &Cluster, store: &str, forbidden: &Value) -> Result<bool, ClusterError> {
    let path = cluster.in_namespace(store).core_path("configmaps");
    let trial = Query::default().with("dryRun", "All");
    match cluster.create(&path, &forbidden.to_string(), &trial).await {
        Ok(_) => Ok(false),
        // The server names the policy that refuses in its words alone, and another policy, or
        // a quota, may refuse as well.
        Err(ClusterError::NotAdmitted { message }) if message.contains(&policy::name(store)) => {
            Ok(true)
        }
        Err(error) => Err(error),
    }
}
