//! State of the guard: installed, in force, or hidden from the user.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use super::policy;
use crate::cluster::{Cluster, ClusterError, Query};

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(250);

/// Waits until the API server refuses what the guard forbids, `limit` at most.
///
/// Returns whether it does. A cluster with several API servers may have one
/// that learns of the guard later than the one that answered; and a guard of
/// another version, which this one takes the place of, refuses that as well.
pub async fn wait_in_force(
    cluster: &Cluster,
    store: &str,
    limit: Duration,
) -> Result<bool, ClusterError> {
    let end = Instant::now() + limit;
    loop {
        if refuses_forgery(cluster, store).await? {
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
    let tried = match refuses_forgery(cluster, store).await {
        Ok(true) => return Ok(GuardState::InForce),
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

/// Tries to write a record that nobody may write: without an actor. A trial
/// leaves nothing behind where it is not refused.
async fn refuses_forgery(cluster: &Cluster, store: &str) -> Result<bool, ClusterError> {
    let forged = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "records.forged.000000"},
    });
    let path = cluster.in_namespace(store).core_path("configmaps");
    let trial = Query::default().with("dryRun", "All");
    match cluster.create(&path, &forged.to_string(), &trial).await {
        Ok(_) => Ok(false),
        // The server names the policy that refuses in its words alone, and another policy, or
        // a quota, may refuse as well.
        Err(ClusterError::NotAdmitted { message }) if message.contains(&policy::name(store)) => {
            Ok(true)
        }
        Err(error) => Err(error),
    }
}
