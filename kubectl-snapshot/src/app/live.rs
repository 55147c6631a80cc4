//! Live sets: of one namespace, or of several as parts.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicUsize, Ordering},
};

use futures::{StreamExt, stream};
use snapshot_core::{
    manifest::{Kind, Manifest},
    parts::{Aliases, Document, Namespaces, PartName, listed},
    plan::Existing,
    snapshot::{Metadata, Snapshot},
};

use super::{
    App, AppError, Failure,
    flag_systems::observe_within,
    read::{ReadOptions, in_parts, read_live},
    stages,
};
use crate::{
    blocking::blocking,
    cluster::{Cluster, ClusterError, ListRoom, NamespaceState},
    store::StoreError,
};

/// Lists in flight at once, of all namespaces together.
pub(super) const LISTS: usize = 16;
/// Namespaces that are read at once.
pub(super) const NAMESPACES: usize = 8;
/// Number of objects that a warning names.
const NAMED: usize = 3;

/// The namespaces to read.
#[derive(Clone, Debug)]
pub enum Selection {
    /// Those that are named, or the context's.
    Named(Vec<String>),
    /// Those with these labels.
    Labelled(String),
    /// All but some.
    All {
        /// Names of those that are left out.
        but: Vec<String>,
    },
}

/// Namespaces of the system, which hold no services of anybody.
const OF_THE_SYSTEM: [&str; 3] = ["kube-system", "kube-public", "kube-node-lease"];

/// The live set of some namespaces of a cluster.
pub async fn live(
    app: &App,
    context: Option<&str>,
    selection: &Selection,
    options: &ReadOptions,
) -> Result<Document, Failure> {
    let connections = &app.connections;
    let (names, is_listed) = match selection {
        Selection::Named(names) => match names.as_slice() {
            [] if connections.named_namespaces().is_empty()
                && options.aliases.namespaces().count() > 1 =>
            {
                (options.aliases.namespaces().cloned().collect(), false)
            }
            [] | [_] if options.aliases.namespaces().next().is_some() => {
                return Err(Failure::usage("aliases are of several namespaces, and one is meant"));
            }
            [] => {
                let cluster = connections.cluster_at(context, None).await?;
                return Ok(read_live(app, &cluster, options).await?.into());
            }
            [one] => {
                let cluster = connections.cluster_at(context, Some(one)).await?;
                return Ok(read_live(app, &cluster, options).await?.into());
            }
            several => (parse(several)?, false),
        },
        Selection::Labelled(labels) => {
            let cluster = connections.connected_at(context).await?;
            (list(app, &cluster, Some(labels), &[]).await?, true)
        }
        Selection::All { but } => {
            let cluster = connections.connected_at(context).await?;
            (list(app, &cluster, None, but).await?, true)
        }
    };
    let cluster = connections.connected_at(context).await?;
    let of_stage = if options.aliases.is_empty() {
        aliases_of_stage(app, &cluster, &names).await
    } else {
        None
    };
    let aliases = of_stage.as_ref().unwrap_or(&options.aliases);
    if let Some(other) = aliases.namespaces().find(|namespace| !names.contains(namespace)) {
        let text =
            format!("{other} is given an alias, and is none of the namespaces: {}", listed(&names));
        return Err(Failure::usage(text));
    }
    let called: BTreeSet<&PartName> = names.iter().map(|name| aliases.of(name)).collect();
    if called.len() < names.len() {
        return Err(Failure::usage("an alias is the name of another one of the namespaces"));
    }
    let parts = read_all(app, &cluster, &names, options).await?;
    assemble(app, &cluster, parts, is_listed, aliases)
}

/// The aliases that a stage has for exactly these namespaces.
async fn aliases_of_stage(app: &App, cluster: &Cluster, names: &[PartName]) -> Option<Aliases> {
    if names.len() < 2 {
        return None;
    }
    let store = app.connections.store().await.ok()?;
    let stages = match store.stages().await {
        Ok(mut stages) => {
            stages::warn_of_broken(app, &mut stages);
            stages.readable
        }
        // Whoever may not read the store has been told so.
        Err(StoreError::Cluster(ClusterError::Forbidden { .. })) => return None,
        Err(error) => {
            let text = "namespaces are called by their own names, as if no stage had others";
            app.observer.failure(text, &error.into());
            return None;
        }
    };
    let found = stages.into_iter().find_map(|stage| match &stage.namespaces {
        Namespaces::Parts(parts) if parts.iter().count() == names.len() => {
            let is_here = |context: &str| cluster.is_context(context) == Some(true);
            let is_its = |name: &PartName| stage.is_at(is_here, name.as_ref());
            names.iter().all(is_its).then(|| (stage.name.clone(), Aliases::from(parts)))
        }
        Namespaces::Parts(_) | Namespaces::One(_) => None,
    });
    let (stage, aliases) = found?;
    let called = names.iter().map(|name| format!("{name} is {}", aliases.of(name)));
    app.observer.status(&format!("as at stage {stage}, {}", listed(called)));
    Some(aliases)
}

/// The namespaces as they were typed, each once.
fn parse(names: &[String]) -> Result<Vec<PartName>, Failure> {
    let mut known = BTreeSet::new();
    for name in names {
        let name: PartName = name.parse().map_err(|error| Failure::usage(format!("{error}")))?;
        if let Some(name) = known.replace(name) {
            return Err(Failure::usage(format!("the namespace {name} is named twice")));
        }
    }
    Ok(known.into_iter().collect())
}

/// The namespaces that a list has, without those of the system, the store's own and some others.
async fn list(
    app: &App,
    cluster: &Cluster,
    labels: Option<&str>,
    but: &[String],
) -> Result<Vec<PartName>, Failure> {
    let found = cluster.namespaces_with(labels).await?;
    if let Some(unknown) = but.iter().find(|name| !found.iter().any(|one| one.name == **name)) {
        return Err(Failure::usage(format!("there is no namespace {unknown} to leave out")));
    }
    let store = app.connections.store_namespace();
    let is_own = |name: &str| OF_THE_SYSTEM.contains(&name) || store == Some(name);
    let kept = found.into_iter().filter(|one| {
        let is_chosen = labels.is_some() || !is_own(&one.name);
        is_chosen && !but.contains(&one.name)
    });
    let mut names = Vec::new();
    let mut ending = Vec::new();
    for namespace in kept {
        let name: PartName = namespace.name.parse().map_err(Failure::of)?;
        if namespace.is_ending { &mut ending } else { &mut names }.push(name);
    }
    match (ending.is_empty(), names.is_empty()) {
        (false, _) => Err(AppError::Ending { namespaces: ending }.into()),
        (true, true) => Err(AppError::NoNamespaces { labels: labels.map(str::to_owned) }.into()),
        (true, false) => Ok(names),
    }
}

/// A namespace as it was read.
struct ReadPart {
    name: PartName,
    snapshot: Snapshot,
    /// The lowest resource version of its lists.
    since: Option<u64>,
    /// Resource versions of its objects.
    versions: Vec<((Kind, String), u64)>,
    warnings: Vec<String>,
    /// The reason why nobody knows whether it is being deleted.
    hidden: Option<ClusterError>,
}

/// The reason why a namespace is no part.
enum Unread {
    Ending,
    Failed(Failure),
}

impl From<Failure> for Unread {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<ClusterError> for Unread {
    fn from(error: ClusterError) -> Self {
        Self::Failed(error.into())
    }
}

/// Reads every namespace, some at a time; all of them, or none.
async fn read_all(
    app: &App,
    cluster: &Cluster,
    names: &[PartName],
    options: &ReadOptions,
) -> Result<Vec<ReadPart>, Failure> {
    let room = ListRoom::of(LISTS);
    let total = AtomicUsize::new(0);
    let progress = app.observer.count(&format!("reading {} namespaces", names.len()), None);
    let counted = |more: usize| progress.set(total.fetch_add(more, Ordering::Relaxed) + more);
    let reads = names.iter().map(|name| read_part(app, cluster, name, options, &room, &counted));
    let read: Vec<Result<ReadPart, Unread>> =
        stream::iter(reads).buffered(NAMESPACES).collect().await;
    drop(progress);
    let (mut parts, mut ending, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for (name, part) in names.iter().zip(read) {
        match part {
            Ok(part) => parts.push(part),
            Err(Unread::Ending) => ending.push(name.clone()),
            Err(Unread::Failed(failure)) => failed.push((name.clone(), failure)),
        }
    }
    if failed.is_empty() && ending.is_empty() {
        return Ok(parts);
    }
    if failed.is_empty() {
        return Err(AppError::Ending { namespaces: ending }.into());
    }
    let (unread, mut failures): (Vec<String>, Vec<Failure>) =
        failed.into_iter().map(|(name, failure)| (name.to_string(), failure)).unzip();
    let first = failures.swap_remove(0);
    let error = AppError::Unread {
        unread,
        read: parts.into_iter().map(|part| part.name.to_string()).collect(),
        first: first.message.clone(),
    };
    Err(Failure::from(error).with_kind(first.kind))
}

async fn read_part(
    app: &App,
    cluster: &Cluster,
    name: &PartName,
    options: &ReadOptions,
    room: &ListRoom,
    counted: &(dyn Fn(usize) + Send + Sync),
) -> Result<ReadPart, Unread> {
    let cluster = cluster.in_namespace(name.as_ref());
    let known = AtomicUsize::new(0);
    let progress = |count: usize| counted(count - known.swap(count, Ordering::Relaxed).min(count));
    let (demand, options) = (options.demand, options.to_capture(true));
    let observed = observe_within(app, &cluster, options, demand, room, &progress).await?;
    // Asked last: one that is ending by now was so, or began to be, while it was read.
    let hidden = match cluster.namespace_state().await? {
        NamespaceState::There => None,
        NamespaceState::Ending => return Err(Unread::Ending),
        NamespaceState::Missing => {
            let message = format!("namespaces \"{name}\" not found");
            return Err(ClusterError::NotFound { message }.into());
        }
        NamespaceState::Hidden(error) => Some(error),
    };
    let version = |(key, existing): (&(Kind, String), &Existing)| {
        Some((key.clone(), existing.resource_version.parse().ok()?))
    };
    let versions = observed.existing.iter().filter_map(version).collect();
    let assembly = observed.assembly;
    let assembled = blocking(move || assembly.finish()).await;
    let assembled = assembled.map_err(|error| Failure::of(error).about(name))?;
    let metadata = Metadata {
        source: Some(format!("live:{}/{name}", cluster.context())),
        resource_version: observed.since.map(|version| version.to_string()),
        variables: assembled.variables,
        flag_sources: assembled.flag_sources,
        ..Metadata::default()
    };
    let mut warnings = observed.warnings;
    warnings.extend(assembled.warnings);
    Ok(ReadPart {
        name: name.clone(),
        snapshot: Snapshot { metadata, spec: assembled.spec },
        since: observed.since,
        versions,
        warnings,
        hidden,
    })
}

/// The set of the namespaces that were read. Of those that a list had, the empty ones are left
/// out: they hold nothing that could be a part.
fn assemble(
    app: &App,
    cluster: &Cluster,
    mut parts: Vec<ReadPart>,
    is_listed: bool,
    aliases: &Aliases,
) -> Result<Document, Failure> {
    for part in &parts {
        part.warnings
            .iter()
            .for_each(|warning| app.observer.warning(&format!("{}: {warning}", part.name)));
    }
    warn_of_hidden(app, &parts);
    if is_listed {
        let is_empty = |part: &ReadPart| {
            part.snapshot.spec.objects.is_empty() && part.snapshot.spec.flags.is_empty()
        };
        let empty: Vec<&PartName> =
            parts.iter().filter(|part| is_empty(part)).map(|part| &part.name).collect();
        if !empty.is_empty() {
            let text = format!("nothing that belongs to a set is in {}: left out", listed(empty));
            app.observer.status(&text);
        }
        parts.retain(|part| !is_empty(part));
    }
    warn_of_moved(app, &parts);
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_ref()).collect();
    let source = format!("live:{}/{}", cluster.context(), names.join(","));
    match parts.len() {
        0 => Err(AppError::NothingThere.into()),
        1 => {
            let mut snapshot = parts.remove(0).snapshot;
            snapshot.metadata.resource_version = None;
            Ok(snapshot.into())
        }
        _ => {
            let parts: BTreeMap<PartName, Snapshot> = parts
                .into_iter()
                .map(|part| (aliases.of(&part.name).clone(), part.snapshot))
                .collect();
            in_parts(parts, source)
        }
    }
}

/// Says of which namespaces nobody knows whether they are being deleted.
fn warn_of_hidden(app: &App, parts: &[ReadPart]) {
    let mut hidden = parts.iter().filter_map(|part| Some((&part.name, part.hidden.as_ref()?)));
    let Some((first, error)) = hidden.next() else { return };
    let names = [first].into_iter().chain(hidden.map(|(name, _)| name));
    app.observer.warning(&format!(
        "that no deletion of {} is under way is not known: {error}",
        listed(names)
    ));
}

/// Says what was written while the namespaces were read: the parts may be of two moments.
fn warn_of_moved(app: &App, parts: &[ReadPart]) {
    let Some(since) = parts.iter().filter_map(|part| part.since).min() else { return };
    let mut moved = Vec::new();
    for part in parts {
        let later: BTreeSet<&(Kind, String)> = part
            .versions
            .iter()
            .filter(|(_, version)| *version > since)
            .map(|(object, _)| object)
            .collect();
        if later.is_empty() {
            continue;
        }
        let in_set = part.snapshot.spec.objects.values().filter_map(Manifest::identity);
        let in_set = in_set.filter(|object| later.contains(object));
        moved.extend(in_set.map(|(kind, name)| format!("{kind} {}/{name}", part.name)));
    }
    if moved.is_empty() {
        return;
    }
    let more = moved.len().saturating_sub(NAMED);
    let mut shown: Vec<String> = moved.into_iter().take(NAMED).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    app.observer.warning(&format!(
        "{} changed while the namespaces were read: the parts may be of different moments, and a \
         second capture tells",
        listed(shown)
    ));
}
