//! Seeing whether the guard guards.

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
        Err(ClusterError::Api { code: 403, message, .. })
            if message.contains(&policy::name(store)) =>
        {
            Ok(true)
        }
        Err(error) => Err(error),
    }
}
