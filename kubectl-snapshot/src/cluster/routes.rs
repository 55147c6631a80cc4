//! Reading of routes: of the kinds that the cluster serves, and of what steers them.

use std::sync::Arc;

use serde_json::Value;
use snapshot_core::{
    assembly::CaptureOptions,
    manifest::{Kind, Serving},
    routes::Steering,
};

use super::{
    Cluster, ClusterError, Query,
    groups::Steers,
    listed::{SharedState, lock, read_kind},
    pages,
};

/// Reads the routes of a namespace.
pub(super) async fn read(
    cluster: &Cluster,
    choices: &Arc<CaptureOptions>,
    shared: &SharedState,
    counted: &(dyn Fn(usize) + Send + Sync),
) -> Result<(), ClusterError> {
    let served = match cluster.served().await {
        Ok(served) => served,
        Err(error @ ClusterError::Forbidden { .. }) => {
            lock(shared).warnings.push(format!("routes are left out: {error}"));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let kinds = Kind::ALL.into_iter().filter(|kind| kind.spec().serving == Serving::IfServed);
    let (kinds, unserved): (Vec<Kind>, Vec<Kind>) =
        kinds.partition(|kind| served.version(*kind).is_some());
    lock(shared).unserved = unserved;
    for kind in kinds {
        read_kind(cluster, kind, choices, shared, counted).await?;
    }
    // Nobody steers what is not there.
    if !lock(shared).assembly.has_routes() {
        return Ok(());
    }
    for one in served.steering() {
        read_steering(cluster, one, shared).await?;
    }
    Ok(())
}

async fn read_steering(
    cluster: &Cluster,
    Steers { group, version, kind, plural }: &'static Steers,
    shared: &SharedState,
) -> Result<(), ClusterError> {
    let path = format!("/apis/{group}/{version}/namespaces/{}/{plural}", cluster.namespace());
    let take = move |shared: &mut SharedState, text: &str| {
        let object: Value = serde_json::from_str(text)?;
        if let Some(steering) = Steering::of(group, kind, &object) {
            lock(shared).assembly.add_steering(steering);
        }
        Ok(())
    };
    let read = pages::each_item(cluster, &path, &Query::default(), Arc::clone(shared), take).await;
    match read {
        Ok(_) | Err(ClusterError::NotFound { .. }) => Ok(()),
        Err(error @ ClusterError::Forbidden { .. }) => {
            lock(shared).warnings.push(format!(
                "whether a {kind} steers the routes here is not known, unless it has written or made them: {error}"
            ));
            Ok(())
        }
        Err(error) => Err(error),
    }
}
