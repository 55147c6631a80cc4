//! The namespaces of a cluster, by name.

use serde::Deserialize;

use super::{Cluster, ClusterError, Query};

#[derive(Deserialize)]
struct Names {
    #[serde(default)]
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
}

impl Cluster {
    /// Every namespace, in one request, perhaps as they were a moment ago.
    pub async fn namespaces(&self) -> Result<Vec<String>, ClusterError> {
        let path = "/api/v1/namespaces";
        let text = self.list_metadata(path, &Query::recent()).await?;
        let names: Names =
            serde_json::from_str(&text).map_err(|error| ClusterError::answer(path, error))?;
        Ok(names.items.into_iter().map(|item| item.metadata.name).collect())
    }
}
