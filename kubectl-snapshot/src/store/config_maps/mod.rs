//! Snapshots as ConfigMaps of one namespace.
//!
//! ```text
//! snapshot.rel-42      a head: metadata, the list of chunks, what `list` prints
//! chunk.1f3a…          pieces of sets, compressed; immutable, named by digest
//! variables.prod       a variable set
//! stages.prod          where snapshots go
//! repositories.shop    whose commits order whose versions
//! flagsources.prod     which flag system is asked for whose flags
//! policies.our-rules   which policy is asked, and how; its bytes are chunks
//! records.prod.000007  what was decided or done at a stage; immutable
//! chains.prod          which record of a stage is the last
//! evidence.1f3a….5b…   a fact about the snapshot of that digest; immutable
//! removals.evidence.1f…  a broken part that was removed, and by whom; immutable
//! ```
//!
//! Chunks are written first and the head last, so a crash leaves garbage and
//! never half a snapshot. A head is not `immutable`: replacing one with
//! `--force` must be one write, or a crash between deleting and creating would
//! lose the name. Whoever wants names that nobody can replace installs the
//! guard, which refuses the write.
//!
//! A namespace that is not there is an empty store; saving makes it.

mod annotations;
mod broken;
mod chunks;
mod collect;
mod entries;
mod journals;
mod list;
mod load;
mod namespace;
mod object;
mod references;
mod save;

use std::{num::NonZero, sync::Arc, thread};

use snapshot_core::name::SnapshotName;
use tokio::{
    sync::{OnceCell, Semaphore},
    time::sleep,
};

pub use self::journals::KeptJournal;
pub(super) use self::references::References;

use self::object::ConfigMap;
use super::{Entity, Head, StoreError, find};
use crate::{
    blocking::blocking,
    cluster::{AGAIN, Cluster, ClusterError, Query},
};

/// Number of concurrent requests.
const CONCURRENCY: usize = 16;
/// The objects in a page of a list.
const PAGE: &str = "500";

/// The ConfigMaps of a namespace.
#[derive(Clone)]
pub struct ConfigMaps {
    cluster: Cluster,
    /// Set once this process has made the namespace.
    made: Arc<OnceCell<()>>,
    /// One for each core that may be kept busy.
    cores: Arc<Semaphore>,
}

impl ConfigMaps {
    pub(super) fn new(cluster: &Cluster, namespace: &str) -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let cluster = cluster.in_namespace(namespace);
        Self { cluster, made: Arc::default(), cores: Arc::new(Semaphore::new(cores)) }
    }

    /// The ConfigMaps of the cluster's namespace, which need not be a store's.
    #[must_use]
    pub fn of_namespace(cluster: &Cluster) -> Self {
        Self::new(cluster, cluster.namespace())
    }

    /// Location of the store, for messages.
    pub(super) fn place(&self) -> String {
        format!("namespace {}", self.cluster.namespace())
    }

    /// Display name of a ConfigMap, for messages.
    fn describe(&self, name: &str) -> String {
        format!("ConfigMap {name} in {}", self.place())
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.cluster.core_path("configmaps"))
    }

    async fn get(&self, name: &str) -> Result<Option<ConfigMap>, StoreError> {
        match self.cluster.get(&self.path(name)).await? {
            Some(text) => Ok(Some(ConfigMap::read(&text, name)?)),
            None => Ok(None),
        }
    }

    /// Replaces a ConfigMap, if it is still the one that was read.
    async fn replace(
        &self,
        object: &ConfigMap,
        entity: Entity,
        name: &str,
    ) -> Result<(), StoreError> {
        let mut pauses = AGAIN.into_iter();
        let mut lost = false;
        loop {
            match self.cluster.replace(&self.path(object.name()), &object.to_json()).await {
                Ok(_) => return Ok(()),
                // The answer was lost, and this may be the work of the first request.
                Err(ClusterError::Conflict { .. }) if lost && self.is_there(object).await? => {
                    return Ok(());
                }
                Err(ClusterError::Conflict { .. } | ClusterError::NotFound { .. }) => {
                    return Err(StoreError::Changed { entity, name: name.to_owned() });
                }
                Err(error) => match pauses.next().filter(|_| error.is_lost_answer()) {
                    Some(pause) => sleep(pause).await,
                    None => return Err(error.into()),
                },
            }
            lost = true;
        }
    }

    /// True if an object is there, and holds just this.
    async fn is_there(&self, object: &ConfigMap) -> Result<bool, StoreError> {
        let there = self.get(object.name()).await?;
        Ok(there.is_some_and(|there| {
            there.data == object.data
                && there.binary_data == object.binary_data
                && there.metadata.annotations == object.metadata.annotations
        }))
    }

    /// Deletes a ConfigMap; `false` where there was none.
    async fn remove(&self, name: &str) -> Result<bool, StoreError> {
        let mut pauses = AGAIN.into_iter();
        let mut lost = false;
        loop {
            match self.cluster.delete(&self.path(name)).await {
                Ok(()) => return Ok(true),
                // Where the answer was lost, it was there.
                Err(ClusterError::NotFound { .. }) => return Ok(lost),
                Err(error) => match pauses.next().filter(|_| error.is_lost_answer()) {
                    Some(pause) => sleep(pause).await,
                    None => return Err(error.into()),
                },
            }
            lost = true;
        }
    }

    /// The head of a name, if there is one.
    pub(super) async fn head(&self, name: &SnapshotName) -> Result<Option<Head>, StoreError> {
        let object = self.get(&object::head_name(name)).await?;
        object.map(|object| self.read_head(&object)).transpose()
    }

    fn read_head(&self, object: &ConfigMap) -> Result<Head, StoreError> {
        annotations::read(&object.metadata).map_err(|cause| StoreError::Corrupted {
            snapshot: object::snapshot_name(object.name()).unwrap_or_default().to_owned(),
            object: self.describe(object.name()),
            cause: cause.into(),
        })
    }

    /// Deletes a head. Its chunks may be shared, and are left to the collector.
    pub(super) async fn delete(&self, name: &SnapshotName) -> Result<(), StoreError> {
        if self.remove(&object::head_name(name)).await? {
            Ok(())
        } else {
            Err(self.not_found(name).await?)
        }
    }

    async fn not_found(&self, name: &SnapshotName) -> Result<StoreError, StoreError> {
        Ok(find::no_such_name(name.as_ref(), &self.list().await?, &self.place()))
    }

    /// The query for one kind of this store's objects, page by page.
    fn query(part: object::Part) -> Query {
        Self::selected(&part.selector())
    }

    /// The query for what a selector of labels selects, page by page.
    fn selected(selector: &str) -> Query {
        Query::default().with("limit", PAGE).with("labelSelector", selector)
    }

    /// Runs work that keeps a core busy where it does not hold up the requests.
    ///
    /// More threads than cores would be no faster, and each would hold on to
    /// the memory that it once needed.
    async fn compute<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let _core = self.cores.acquire().await;
        blocking(work).await
    }
}
