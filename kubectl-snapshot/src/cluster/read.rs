//! Reading of a namespace: once per kind, keeping only what a set needs.

#![warn(clippy::wildcard_enum_match_arm)]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use futures::{StreamExt, TryStreamExt, stream};
use snapshot_core::{
    assembly::{Assembly, AssemblyError, CaptureOptions},
    manifest::{Kind, Serving},
    plan::Existing,
};
use tokio::sync::Semaphore;

use super::{
    Cluster, ClusterError, Query,
    listed::{Shared, SharedState, lock, read_kind},
    pages, pods, routes,
};

/// Lists of one namespace in flight at once.
const LISTS: usize = 4;

/// A namespace as it was read.
#[derive(Debug)]
pub struct Observed {
    /// Objects of the namespace, ready to become a set.
    pub assembly: Assembly,
    /// Cluster facts about each object beside its manifest.
    pub existing: BTreeMap<(Kind, String), Existing>,
    /// Kinds that the cluster does not serve.
    pub unserved: Vec<Kind>,
    /// Warnings: what could not be read, and what follows from it.
    pub warnings: Vec<String>,
    /// The lowest resource version of its lists: what has a higher one was written while they
    /// were read.
    pub since: Option<u64>,
}

/// Room for lists in flight at once, shared by namespaces that are read side by side.
#[derive(Clone, Debug)]
pub struct ListRoom(Arc<Semaphore>);

impl Default for ListRoom {
    /// Room for the lists of one namespace.
    fn default() -> Self {
        Self::of(LISTS)
    }
}

impl ListRoom {
    /// Room for so many lists.
    #[must_use]
    pub fn of(lists: usize) -> Self {
        Self(Arc::new(Semaphore::new(lists)))
    }
}

/// Error: a namespace cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The cluster did not answer as hoped.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// Objects that make no set.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
}

/// List to read: objects of a kind, or the pods that say which digests run.
#[derive(Clone, Copy)]
enum Listing {
    Objects(Kind),
    Routes,
    Pods,
}

/// Reads what runs in the cluster's namespace.
///
/// `progress` is told how many objects have been read so far.
pub async fn read(
    cluster: &Cluster,
    choices: CaptureOptions,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<Observed, ReadError> {
    read_within(cluster, choices, &ListRoom::of(LISTS), progress).await
}

/// Reads what runs in the cluster's namespace, as far as there is room for its lists.
pub async fn read_within(
    cluster: &Cluster,
    choices: CaptureOptions,
    room: &ListRoom,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<Observed, ReadError> {
    let namespace = format!("/api/v1/namespaces/{}", cluster.namespace());
    let assembly = Assembly::new(choices.clone());
    let shared = Arc::new(Mutex::new(Shared { assembly, ..Shared::default() }));
    let choices = Arc::new(choices);
    let count = std::sync::atomic::AtomicUsize::new(0);
    let counted =
        |more| progress(count.fetch_add(more, std::sync::atomic::Ordering::Relaxed) + more);
    let always = Kind::ALL.into_iter().filter(|kind| kind.spec().serving != Serving::IfServed);
    let listings = [Listing::Routes].into_iter().chain(always.map(Listing::Objects));
    let listings = listings.chain([Listing::Pods]);
    stream::iter(listings)
        .map(|listing| {
            let (shared, choices, counted) = (&shared, &choices, &counted);
            async move {
                let _place = room.0.acquire().await;
                match listing {
                    Listing::Objects(kind) => {
                        read_kind(cluster, kind, choices, shared, counted).await
                    }
                    Listing::Routes => routes::read(cluster, choices, shared, counted).await,
                    Listing::Pods => read_pods(cluster, shared).await,
                }
            }
        })
        .buffer_unordered(LISTS)
        .try_collect::<()>()
        .await?;
    let mut shared = std::mem::take(&mut *lock(&shared));
    if let Some(refused) = shared.refused.take() {
        return Err(refused.into());
    }
    if shared.existing.is_empty()
        && cluster.get(&namespace).await.is_ok_and(|found| found.is_none())
    {
        let message = format!("namespaces \"{}\" not found", cluster.namespace());
        return Err(ClusterError::NotFound { message }.into());
    }
    let Shared { assembly, mut existing, unserved, warnings, since, refused: _ } = shared;
    for (key, by) in assembly.steered() {
        if let Some(facts) = existing.get_mut(key) {
            facts.steered_by = Some(by.to_owned());
        }
    }
    Ok(Observed { assembly, existing, unserved, warnings, since })
}

async fn read_pods(cluster: &Cluster, shared: &SharedState) -> Result<(), ClusterError> {
    let take = |shared: &mut SharedState, text: &str| {
        let facts = pods::read(text)?;
        let mut shared = lock(shared);
        for (kind, workload, image) in facts.running {
            shared.assembly.add_running(kind, &workload, image);
        }
        for (kind, workload, container) in facts.not_started {
            shared.assembly.add_not_started(kind, &workload, container);
        }
        if let Some((kind, name)) = facts.left_out {
            shared.assembly.leave_out(&kind, &name);
        }
        Ok(())
    };
    let (path, query) = (cluster.core_path("pods"), Query::default());
    let read = pages::each_item(cluster, &path, &query, Arc::clone(shared), take).await;
    match read {
        Ok(_) => Ok(()),
        Err(error @ ClusterError::Forbidden { .. }) => {
            lock(shared).warnings.push(format!("image digests are left out: {error}"));
            Ok(())
        }
        Err(error) => Err(error),
    }
}
