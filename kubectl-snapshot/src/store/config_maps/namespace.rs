//! The namespace, made when the first object is stored.

use serde_json::json;
use tokio::time::sleep;

use super::{ConfigMaps, object::ConfigMap};
use crate::{
    cluster::{AGAIN, ClusterError, Query},
    store::StoreError,
};

impl ConfigMaps {
    /// Creates a ConfigMap, and the namespace before it where there is none.
    ///
    /// It is not looked for first: who may write ConfigMaps there need not be
    /// allowed to read namespaces.
    ///
    /// One whose answer was lost is created again: where it is there already, callers look at
    /// what is there.
    pub(super) async fn create(&self, object: &ConfigMap) -> Result<(), StoreError> {
        let mut created = self.create_once(object).await;
        for pause in AGAIN {
            match &created {
                Err(StoreError::Cluster(error)) if error.is_lost_answer() => sleep(pause).await,
                _ => break,
            }
            created = self.create_once(object).await;
        }
        created
    }

    async fn create_once(&self, object: &ConfigMap) -> Result<(), StoreError> {
        let path = self.cluster.core_path("configmaps");
        let body = object.to_json();
        match self.cluster.create(&path, &body, &Query::default()).await {
            Ok(_) => Ok(()),
            Err(ClusterError::NotFound { .. }) => {
                self.made.get_or_try_init(|| self.make_namespace()).await?;
                self.cluster.create(&path, &body, &Query::default()).await?;
                Ok(())
            }
            // Rights are asked for before the namespace is, and few have any in one that is not there.
            Err(error @ ClusterError::Forbidden { .. }) => {
                if !self.is_missing().await {
                    return Err(error.into());
                }
                self.made.get_or_try_init(|| self.make_namespace()).await?;
                self.cluster.create(&path, &body, &Query::default()).await?;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// True if the namespace is known not to be there.
    pub(in crate::store) async fn is_missing(&self) -> bool {
        let path = format!("/api/v1/namespaces/{}", self.cluster.namespace());
        matches!(self.cluster.get(&path).await, Ok(None))
    }

    async fn make_namespace(&self) -> Result<(), StoreError> {
        let namespace = self.cluster.namespace();
        let body = json!({
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": namespace, "labels": {"app.kubernetes.io/managed-by": "kubectl-snapshot"}},
        });
        match self.cluster.create("/api/v1/namespaces", &body.to_string(), &Query::default()).await
        {
            // Somebody else was as fast.
            Ok(_) | Err(ClusterError::AlreadyExists { .. }) => Ok(()),
            Err(
                ClusterError::Forbidden { message, .. } | ClusterError::NotAdmitted { message },
            ) => Err(StoreError::NoNamespace { namespace: namespace.to_owned(), message }),
            Err(error) => Err(error.into()),
        }
    }
}
