//! Candidates of each kind of value.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use clap_complete::CompletionCandidate;
use snapshot_core::{
    assembly::CaptureOptions,
    cluster_namespace::ClusterNamespace,
    digest::Digest,
    flag_source::FlagSource,
    git_repository::GitRepository,
    parts::{Document, Namespaces, PartName},
    reference::Reference,
    stage::Stage,
    visible,
};

use super::tab::Tab;
use crate::{
    app::Clock,
    cluster,
    policies::SHIPPED,
    sources::{self, Content},
    store::{Head, Names, Store},
};

/// Number of characters of a snapshot's message that are shown beside its name.
const MESSAGE_SHOWN: usize = 60;

fn one(value: &str, help: &str) -> CompletionCandidate {
    let candidate = CompletionCandidate::new(value);
    if help.is_empty() { candidate } else { candidate.help(Some(help.to_owned().into())) }
}

pub(super) fn references(typed: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    if let Some(place) = typed.strip_prefix("live:") {
        return places_of(place, "live:", tab);
    }
    if typed.starts_with("stage:") {
        return stages_after("stage:", tab);
    }
    if typed.starts_with("sha256:") {
        return digests(&names(tab).snapshots);
    }
    let Names { snapshots, stages } = names(tab);
    let live = [one("live", "what runs now"), one("live:", "what runs in another namespace")];
    let stages = stages.iter().map(|name| one(&format!("stage:{name}"), "what was promoted there"));
    snapshots.iter().map(snapshot).chain(live).chain(stages).collect()
}

pub(super) fn snapshots(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    names(tab).snapshots.iter().map(snapshot).collect()
}

/// Each digest once, with the names that it has.
fn digests(heads: &[Head]) -> Vec<CompletionCandidate> {
    let mut stored: BTreeMap<Digest, Vec<&str>> = BTreeMap::new();
    for head in heads {
        stored.entry(head.digest).or_default().push(head.name.as_ref());
    }
    stored.iter().map(|(digest, names)| one(&digest.to_string(), &names.join(", "))).collect()
}

fn names(tab: &Tab) -> Names {
    tab.ask_store(async |store| store.names().await.ok()).unwrap_or_default()
}

/// `3h ago: cart asks tax`.
fn snapshot(head: &Head) -> CompletionCandidate {
    let age = head.created.as_ref().map(|created| Clock::system().age(created));
    let age = age.map(|age| format!("{age} ago"));
    let message = head.message.as_deref().and_then(|message| message.lines().next());
    let what = match message.map(str::trim).filter(|message| !message.is_empty()) {
        Some(message) => visible::line(message).chars().take(MESSAGE_SHOWN).collect(),
        None => format!("{} services", head.services),
    };
    let help = age.map_or_else(|| what.clone(), |age| format!("{age}: {what}"));
    one(head.name.as_ref(), &help)
}

pub(super) fn stages(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    stages_after("", tab)
}

fn stages_after(before: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    let stages =
        tab.ask_store(async |store| Some(store.stages().await.ok()?.readable)).unwrap_or_default();
    stages.iter().map(|stage| one(&format!("{before}{}", stage.name), &stage_help(stage))).collect()
}

/// `namespace shop of eu-west, after qa`.
fn stage_help(stage: &Stage) -> String {
    let help = match &stage.namespaces {
        Namespaces::One(ClusterNamespace { context: Some(context), namespace }) => {
            format!("namespace {namespace} of {context}")
        }
        Namespaces::One(one) => format!("namespace {one}"),
        Namespaces::Parts(parts) => format!("parts {parts}"),
    };
    let after: Vec<&str> = stage.after.iter().map(AsRef::as_ref).collect();
    if after.is_empty() { help } else { format!("{help}, after {}", after.join(" and ")) }
}

pub(super) fn variable_sets(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    let sets = tab.ask_store(async |store| store.variable_sets().await.ok()).unwrap_or_default();
    let help = |names: Vec<&str>| names.join(", ");
    // The names alone: a value may be nobody's business who looks over a shoulder.
    sets.iter()
        .map(|set| one(set.name.as_ref(), &help(set.values.keys().map(String::as_str).collect())))
        .collect()
}

pub(super) fn repositories(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    let known = tab.ask_store(async |store| store.repositories().await.ok()).unwrap_or_default();
    let help = |repository: &GitRepository| {
        let patterns: Vec<String> = repository.patterns.iter().map(ToString::to_string).collect();
        format!("for {}", patterns.join(", "))
    };
    known.iter().map(|repository| one(repository.name.as_ref(), &help(repository))).collect()
}

/// The flags of the namespace, as far as its objects define them: no flag system is asked.
pub(super) fn flags(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    let keys = tab.ask_namespace(None, None, async |cluster| {
        let choices = CaptureOptions { lenient: true, ..CaptureOptions::default() };
        let observed = cluster::read(&cluster, choices, &|_| ()).await.ok()?;
        Some(observed.assembly.finish().ok()?.spec.flags.into_keys().collect::<Vec<_>>())
    });
    keys.unwrap_or_default().iter().map(|key| one(key, "")).collect()
}

pub(super) fn flag_sources(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    let found = tab.ask_store(async |store| store.flag_sources().await.ok()).unwrap_or_default();
    let help = |source: &FlagSource| format!("{} at {}", source.system, source.url);
    found.readable.iter().map(|source| one(source.name.as_ref(), &help(source))).collect()
}

pub(super) fn bound_policies(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    let found = tab.ask_store(async |store| store.bindings().await.ok()).unwrap_or_default();
    let bound = found.bound.iter();
    bound
        .map(|binding| one(binding.name.as_ref(), &format!("bound, mode {}", binding.mode)))
        .collect()
}

pub(super) fn policies(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    let mut found = bound_policies("", tab);
    let is_bound = |name: &str| found.iter().any(|one| one.get_value() == name);
    let ship: Vec<_> = SHIPPED.iter().filter(|policy| !is_bound(policy.name)).collect();
    found.extend(ship.into_iter().map(|policy| one(policy.name, "ships with the plugin")));
    found
}

pub(super) fn namespaces(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    namespaces_of(None, "", tab)
}

fn namespaces_of(context: Option<&str>, before: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    let names = tab.ask_cluster(context, async |cluster| cluster.namespaces().await.ok());
    names.unwrap_or_default().iter().map(|name| one(&format!("{before}{name}"), "")).collect()
}

pub(super) fn services(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    service_names(tab).iter().map(|name| one(name, "")).collect()
}

/// The parts of the stored snapshots on the line.
pub(super) fn parts(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    let names = tab.references().iter().filter_map(|reference| match reference {
        Reference::Name(name) | Reference::Digest(name) => Some(name.clone()),
        _ => None,
    });
    let names: Vec<String> = names.collect();
    let heads = tab.ask_store(async move |store| {
        let mut heads = Vec::new();
        for name in names {
            heads.push(store.find(&name).await.ok()?);
        }
        Some(heads)
    });
    let heads = heads.unwrap_or_default().into_iter();
    let parts: BTreeSet<PartName> = heads.flat_map(|head| head.parts).collect();
    parts.iter().map(|part| one(part.as_ref(), "")).collect()
}

/// The services of the first snapshot on the line, else of what runs.
fn service_names(tab: &Tab) -> BTreeSet<String> {
    let live = Reference::Live { context: None, namespaces: Vec::new() };
    let asked = match tab.references().first().cloned().unwrap_or(live) {
        Reference::Live { context, namespaces } => {
            let namespace = namespaces.into_iter().next();
            tab.ask_namespace(context, namespace, async |cluster| cluster.services().await.ok())
        }
        Reference::Name(name) | Reference::Digest(name) => {
            tab.ask_store(async move |store| services_of(&store, &name).await)
        }
        Reference::Stage(stage) => tab.ask_store(async move |store| {
            let chain = store.chain(&stage.parse().ok()?).await.ok()?;
            services_of(&store, &chain.deployed()?.snapshot.digest.to_string()).await
        }),
        Reference::Path(path) => tab.ask(async move || services_in(&path).await),
        Reference::Stdin => None,
    };
    asked.unwrap_or_default()
}

async fn services_of(store: &Store, name: &str) -> Option<BTreeSet<String>> {
    let head = store.find(name).await.ok()?;
    let document = store.load(&head, &|_done, _total| ()).await.ok()?;
    Some(services_within(&document))
}

async fn services_in(path: &Path) -> Option<BTreeSet<String>> {
    let inputs = sources::read_path(path).await.ok()?;
    let choices = CaptureOptions { lenient: true, ..CaptureOptions::default() };
    Some(match sources::read(inputs, choices, &[]).await.ok()? {
        Content::Document(document) => services_within(&document),
        Content::Set { assembled, .. } => assembled.spec.services.into_keys().collect(),
        Content::Parts { parts, .. } => {
            parts.into_iter().flat_map(|(_, part)| part.spec.services.into_keys()).collect()
        }
    })
}

fn services_within(document: &Document) -> BTreeSet<String> {
    document.sets().flat_map(|(_, set)| set.spec.services.keys().cloned()).collect()
}

pub(super) fn places(typed: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    places_of(typed, "", tab)
}

/// Namespaces, and contexts to go on from; after a context, its namespaces.
fn places_of(typed: &str, before: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    if let Some((context, _)) = typed.rsplit_once('/')
        && tab.kubeconfig().contexts.iter().any(|known| known.name == context)
    {
        return namespaces_of(Some(context), &format!("{before}{context}/"), tab);
    }
    let mut found = namespaces_of(None, before, tab);
    found.extend(contexts_with(before, "/", tab));
    found
}

pub(super) fn contexts(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    contexts_with("", "", tab)
}

pub(super) fn clusters(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    let clusters = tab.kubeconfig().clusters;
    clusters.into_iter().map(|(name, server)| one(&name, &server)).collect()
}

pub(super) fn users(_: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    tab.kubeconfig().users.iter().map(|name| one(name, "")).collect()
}

fn contexts_with(before: &str, after: &str, tab: &Tab) -> Vec<CompletionCandidate> {
    let contexts = tab.kubeconfig().contexts.into_iter();
    contexts
        .map(|context| {
            let mut help = format!("cluster {}", context.cluster);
            if let Some(namespace) = &context.namespace {
                help = format!("{help}, namespace {namespace}");
            }
            one(&format!("{before}{}{after}", context.name), &help)
        })
        .collect()
}
