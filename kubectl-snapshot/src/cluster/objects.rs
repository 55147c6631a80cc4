//! Objects as the server has them, managed fields and all.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;
use snapshot_core::{manifest::Kind, plan::ObjectName};

use super::{Cluster, ClusterError};

/// Objects that are read at once.
const READS: usize = 16;

/// Reads objects of the cluster's namespace. One that is gone, or that the user may not get, is not
/// among them.
pub async fn objects(
    cluster: &Cluster,
    names: impl IntoIterator<Item = ObjectName>,
) -> Result<BTreeMap<(Kind, String), Value>, ClusterError> {
    let reads: Vec<_> = names.into_iter().map(|name| object(cluster, name)).collect();
    let read: Vec<Option<((Kind, String), Value)>> =
        stream::iter(reads).buffer_unordered(READS).try_collect().await?;
    Ok(read.into_iter().flatten().collect())
}

async fn object(
    cluster: &Cluster,
    ObjectName { kind, name }: ObjectName,
) -> Result<Option<((Kind, String), Value)>, ClusterError> {
    let path = format!("{}/{name}", cluster.path(kind));
    let text = match cluster.get(&path).await {
        Ok(Some(text)) => text,
        Ok(None) | Err(ClusterError::Forbidden { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let object = serde_json::from_str(&text).map_err(|error| ClusterError::answer(path, error))?;
    Ok(Some(((kind, name), object)))
}
