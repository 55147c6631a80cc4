//! The services of a namespace, by name.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use serde::Deserialize;
use serde_json::Value;
use snapshot_core::manifest::{Kind, service_of};

use super::{Cluster, ClusterError, Query};

#[derive(Deserialize)]
struct Workloads {
    /// The metadata of nothing is `null`.
    items: Option<Vec<Value>>,
}

impl Cluster {
    /// Every service of the namespace, perhaps as they were a moment ago.
    ///
    /// Their pods are not asked for: a label that only a pod template bears is not seen,
    /// and the workload's name stands for it.
    pub async fn services(&self) -> Result<BTreeSet<String>, ClusterError> {
        let lists = Kind::workloads().map(|kind| async move {
            let path = self.path(kind);
            let text = match self.list_metadata(&path, &Query::recent()).await {
                Err(error) if error.means_not_installed(kind) => return Ok(Vec::new()),
                answer => answer?,
            };
            let list: Workloads =
                serde_json::from_str(&text).map_err(|error| ClusterError::answer(path, error))?;
            Ok::<_, ClusterError>(list.items.unwrap_or_default())
        });
        let lists = try_join_all(lists).await?;
        let name = |workload: &Value| {
            let name = workload.pointer("/metadata/name").and_then(Value::as_str);
            service_of(workload).or(name).map(str::to_owned)
        };
        Ok(lists.iter().flatten().filter_map(name).collect())
    }
}
