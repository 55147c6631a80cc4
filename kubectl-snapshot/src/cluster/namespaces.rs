//! The namespaces of a cluster.

use serde::Deserialize;

use super::{Cluster, ClusterError, Query};

#[derive(Deserialize)]
struct Names {
    /// Null where there are none, in some of the server's answers.
    #[serde(default)]
    items: Option<Vec<Item>>,
}

#[derive(Deserialize)]
struct Item {
    metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    name: String,
    deletion_timestamp: Option<String>,
}

/// A namespace that a list has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// Name of it.
    pub name: String,
    /// True if it is being deleted, with all that is in it.
    pub is_ending: bool,
}

/// State of one namespace.
#[derive(Debug)]
pub enum NamespaceState {
    /// Present.
    There,
    /// Deletion of it is under way, with all that is in it.
    Ending,
    /// None of that name.
    Missing,
    /// Unknown: the user may not see it.
    Hidden(ClusterError),
}

impl From<Item> for Namespace {
    fn from(Item { metadata }: Item) -> Self {
        Self { name: metadata.name, is_ending: metadata.deletion_timestamp.is_some() }
    }
}

impl Cluster {
    /// Every namespace, in one request, perhaps as they were a moment ago.
    pub async fn namespaces(&self) -> Result<Vec<String>, ClusterError> {
        let found = self.list_namespaces(&Query::recent()).await?;
        Ok(found.into_iter().map(|namespace| namespace.name).collect())
    }

    /// The namespaces that have these labels, or all of them, as they are now.
    pub async fn namespaces_with(
        &self,
        selector: Option<&str>,
    ) -> Result<Vec<Namespace>, ClusterError> {
        let query = Query::default();
        let query = match selector {
            Some(selector) => query.with("labelSelector", selector),
            None => query,
        };
        self.list_namespaces(&query).await
    }

    async fn list_namespaces(&self, query: &Query) -> Result<Vec<Namespace>, ClusterError> {
        let path = "/api/v1/namespaces";
        let text = self.list_metadata(path, query).await?;
        let names: Names =
            serde_json::from_str(&text).map_err(|error| ClusterError::answer(path, error))?;
        Ok(names.items.into_iter().flatten().map(Namespace::from).collect())
    }

    /// State of the namespace that commands mean.
    pub async fn namespace_state(&self) -> Result<NamespaceState, ClusterError> {
        let path = format!("/api/v1/namespaces/{}", self.namespace());
        let text = match self.get(&path).await {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(NamespaceState::Missing),
            Err(error @ ClusterError::Forbidden { .. }) => {
                return Ok(NamespaceState::Hidden(error));
            }
            Err(error) => return Err(error),
        };
        let item: Item =
            serde_json::from_str(&text).map_err(|error| ClusterError::answer(&path, error))?;
        Ok(if Namespace::from(item).is_ending {
            NamespaceState::Ending
        } else {
            NamespaceState::There
        })
    }
}
