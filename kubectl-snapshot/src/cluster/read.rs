//! Reading of a namespace: once per kind, keeping only what a set needs.

#![warn(clippy::wildcard_enum_match_arm)]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};
use snapshot_core::{
    assembly::{Assembly, AssemblyError, CaptureOptions, prepare},
    manifest::{Kind, Serving, deployer},
    plan::Existing,
};
use tokio::sync::Semaphore;

use super::{Cluster, ClusterError, Query, outdated::outdated, pages, pods};

/// Lists of one namespace in flight at once.
const LISTS: usize = 4;

/// A namespace as it was read.
#[derive(Debug)]
pub struct Observed {
    /// Objects of the namespace, ready to become a set.
    pub assembly: Assembly,
    /// Cluster facts about each object beside its manifest.
    pub existing: BTreeMap<(Kind, String), Existing>,
    /// Warnings: what could not be read, and what follows from it.
    pub warnings: Vec<String>,
    /// The lowest resource version of its lists: what has a higher one was written while they
    /// were read.
    pub since: Option<u64>,
}

/// Room for lists in flight at once, shared by namespaces that are read side by side.
#[derive(Clone, Debug)]
pub struct ListRoom(Arc<Semaphore>);

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

#[derive(Default)]
struct Shared {
    assembly: Assembly,
    existing: BTreeMap<(Kind, String), Existing>,
    warnings: Vec<String>,
    since: Option<u64>,
    /// The first object that makes no set; reading ends with it.
    refused: Option<AssemblyError>,
}

impl Shared {
    /// Notes the resource version of a list. Of one that is no number nothing can be told.
    fn note(&mut self, version: &str) {
        if let Ok(version) = version.parse() {
            self.since = Some(self.since.map_or(version, |since| since.min(version)));
        }
    }
}

/// List to read: objects of a kind, or the pods that say which digests run.
#[derive(Clone, Copy)]
enum Listing {
    Objects(Kind),
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
    let listings = Kind::ALL.into_iter().map(Listing::Objects).chain([Listing::Pods]);
    stream::iter(listings)
        .map(|listing| {
            let (shared, choices, counted) = (&shared, &choices, &counted);
            async move {
                let _place = room.0.acquire().await;
                match listing {
                    Listing::Objects(kind) => {
                        read_kind(cluster, kind, choices, shared, counted).await
                    }
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
    let Shared { assembly, existing, warnings, since, refused: _ } = shared;
    Ok(Observed { assembly, existing, warnings, since })
}

async fn read_kind(
    cluster: &Cluster,
    kind: Kind,
    choices: &Arc<CaptureOptions>,
    shared: &Arc<Mutex<Shared>>,
    counted: &(dyn Fn(usize) + Send + Sync),
) -> Result<(), ClusterError> {
    let choices = Arc::clone(choices);
    let take = move |shared: &mut Arc<Mutex<Shared>>, text: &str| {
        let (object, existing, outdated) = parse(kind, text)?;
        let name =
            object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let prepared = prepare(&choices, kind, object);
        let mut shared = lock(shared);
        if let Some(pods) = outdated {
            shared.assembly.add_outdated(kind, &name, pods);
        }
        shared.existing.insert((kind, name), existing);
        let taken = prepared.and_then(|prepared| shared.assembly.insert(prepared));
        if let Err(error) = taken {
            shared.refused.get_or_insert(error);
        }
        Ok(())
    };
    let (path, query) = (cluster.path(kind), Query::default());
    let read = pages::each_page(cluster, &path, &query, Arc::clone(shared), take, counted).await;
    match read {
        Ok((version, _)) => {
            lock(shared).note(&version);
            Ok(())
        }
        Err(error) if error.means_not_installed(kind) => Ok(()),
        Err(error @ ClusterError::Forbidden { .. }) => match kind.spec().serving {
            Serving::IfAllowed => {
                lock(shared).warnings.push(format!("{kind}s are left out: {error}"));
                Ok(())
            }
            Serving::Always | Serving::IfInstalled => Err(error),
        },
        Err(error) => Err(error),
    }
}

async fn read_pods(cluster: &Cluster, shared: &Arc<Mutex<Shared>>) -> Result<(), ClusterError> {
    let take = |shared: &mut Arc<Mutex<Shared>>, text: &str| {
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

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    name: String,
    #[serde(default)]
    uid: String,
    #[serde(default)]
    resource_version: String,
    generation: Option<i64>,
    labels: Option<Map<String, Value>>,
    annotations: Option<Map<String, Value>>,
}

/// An object without its status and the bulk of its metadata, what the cluster says of it, and
/// the number of its pods that run an earlier template.
fn parse(kind: Kind, text: &str) -> Result<(Value, Existing, Option<u64>), serde_json::Error> {
    let members: pages::Members<'_> = serde_json::from_str(text)?;
    let metadata: Metadata =
        serde_json::from_str(members.get("metadata").map_or("{}", |raw| RawValue::get(raw)))?;
    let existing = Existing {
        deployer: owner(&metadata),
        has_labels: metadata.labels.is_some(),
        has_annotations: metadata.annotations.is_some(),
        uid: metadata.uid,
        resource_version: metadata.resource_version,
        generation: metadata.generation,
    };
    let mut object = Map::new();
    for (name, raw) in members.iter().filter(|(name, _)| !matches!(**name, "metadata" | "status")) {
        object.insert((*name).to_owned(), serde_json::from_str(raw.get())?);
    }
    let mut kept = Map::new();
    kept.insert("name".into(), metadata.name.into());
    for (member, marks) in [("labels", metadata.labels), ("annotations", metadata.annotations)] {
        if let Some(marks) = marks {
            kept.insert(member.into(), marks.into());
        }
    }
    object.insert("metadata".into(), kept.into());
    let outdated = members.get("status").and_then(|status| outdated(kind, status.get()));
    Ok((object.into(), existing, outdated))
}

/// The deployer that owns an object and will write it again.
fn owner(metadata: &Metadata) -> Option<&'static str> {
    let marks = [&metadata.labels, &metadata.annotations].into_iter().flatten();
    deployer(marks.flat_map(|marks| marks.keys()).map(String::as_str))
}
