//! Connections: the cluster that is meant, those of other contexts, and the store.

use std::{path::PathBuf, time::Duration};

use snapshot_core::cluster_namespace::ClusterNamespace;
use tokio::sync::OnceCell;

use super::{AppError, Failure};
use crate::{
    cluster::{Cluster, ClusterError, ConnectOptions},
    store::Store,
};

/// The store's namespace where nothing else is said.
pub const STORE_NAMESPACE: &str = "kubectl-snapshot";

/// The home of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreLocation {
    /// A folder of files, which needs no cluster.
    Directory(PathBuf),
    /// A namespace of the cluster.
    Namespace(String),
}

/// Clusters and the store, connected to when they are needed.
pub struct Connections {
    options: ConnectOptions,
    /// The namespaces that the user has named.
    namespaces: Vec<String>,
    store: StoreLocation,
    /// The cluster that is meant: a credential plugin runs once, a connection is shared.
    cluster: OnceCell<Cluster>,
}

impl Connections {
    /// Connections as `options` say, to work in `namespaces`; in the context's where none is
    /// named.
    #[must_use]
    pub fn new(options: ConnectOptions, namespaces: Vec<String>, store: StoreLocation) -> Self {
        let namespace = match namespaces.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        };
        let options = ConnectOptions { namespace, ..options };
        Self { options, namespaces, store, cluster: OnceCell::new() }
    }

    /// The namespaces that the user has named.
    #[must_use]
    pub fn named_namespaces(&self) -> &[String] {
        &self.namespaces
    }

    /// The namespaces that the user has named, where they are several.
    #[must_use]
    pub fn several(&self) -> &[String] {
        if self.namespaces.len() > 1 { &self.namespaces } else { &[] }
    }

    /// Refuses several namespaces, for what works in one.
    pub fn refuse_several(&self) -> Result<(), Failure> {
        match self.namespaces.as_slice() {
            [] | [_] => Ok(()),
            several => Err(AppError::SeveralNamespaces { namespaces: several.to_vec() }.into()),
        }
    }

    /// The limit of a single request, where the user has set one.
    #[must_use]
    pub fn request_timeout(&self) -> Option<Duration> {
        self.options.request_timeout
    }

    /// The cluster and the one namespace that are meant.
    pub async fn cluster(&self) -> Result<Cluster, Failure> {
        self.refuse_several()?;
        Ok(self.connected().await?)
    }

    /// The cluster that is meant, whatever its namespaces, with its own error.
    pub async fn connected(&self) -> Result<Cluster, ClusterError> {
        self.cluster.get_or_try_init(|| self.options.connect()).await.cloned()
    }

    /// The cluster of another context, the namespace named, or the defaults of both.
    pub async fn cluster_at(
        &self,
        context: Option<&str>,
        namespace: Option<&str>,
    ) -> Result<Cluster, Failure> {
        if context.is_none() && namespace.is_none() {
            return self.cluster().await;
        }
        let mut options = self.options.clone();
        if let Some(context) = context {
            options.context = Some(context.to_owned());
        }
        if let Some(namespace) = namespace {
            options.namespace = Some(namespace.to_owned());
        }
        Ok(options.connect().await?)
    }

    /// The cluster of another context, whatever its namespaces.
    pub async fn connected_at(&self, context: Option<&str>) -> Result<Cluster, Failure> {
        match context {
            None => Ok(self.connected().await?),
            Some(context) => self.cluster_at(Some(context), None).await,
        }
    }

    /// A namespace, or else the one that is meant, with writes in the name of `field_manager`.
    pub async fn cluster_to_write(
        &self,
        field_manager: &str,
        at: Option<&ClusterNamespace>,
    ) -> Result<Cluster, Failure> {
        if at.is_none() {
            self.refuse_several()?;
        }
        let mut options = self.options.clone();
        field_manager.clone_into(&mut options.field_manager);
        if let Some(at) = at {
            options.context = at.context.clone().or(options.context);
            options.namespace = Some(at.namespace.clone());
        }
        Ok(options.connect().await?)
    }

    /// The home of the store.
    #[must_use]
    pub fn store_location(&self) -> &StoreLocation {
        &self.store
    }

    /// The namespace of a store in a cluster.
    #[must_use]
    pub fn store_namespace(&self) -> Option<&str> {
        match &self.store {
            StoreLocation::Directory(_) => None,
            StoreLocation::Namespace(name) => Some(name),
        }
    }

    /// True where the user names a store other than the usual one.
    #[must_use]
    pub fn names_a_store(&self) -> bool {
        self.store_namespace() != Some(STORE_NAMESPACE)
    }

    /// True where the store is a directory, which needs no cluster.
    #[must_use]
    pub fn store_is_directory(&self) -> bool {
        matches!(self.store, StoreLocation::Directory(_))
    }

    /// The store.
    pub async fn store(&self) -> Result<Store, Failure> {
        Ok(match &self.store {
            StoreLocation::Directory(directory) => Store::in_directory(directory),
            StoreLocation::Namespace(name) => Store::in_cluster(self.connected().await?, name),
        })
    }

    /// The store; none where there is no cluster at all.
    pub async fn store_if_any(&self) -> Result<Option<Store>, Failure> {
        let StoreLocation::Namespace(name) = &self.store else {
            return self.store().await.map(Some);
        };
        match self.connected().await {
            Ok(cluster) => Ok(Some(Store::in_cluster(cluster, name))),
            Err(ClusterError::NoCluster) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
