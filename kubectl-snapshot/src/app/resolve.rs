//! Resolution of a REF to the snapshot that it names.

use std::collections::BTreeSet;

use snapshot_core::{
    name::StageName,
    parts::{Aliases, Document, listed},
    record::Chain,
    reference::Reference,
    service_filter::ServiceFilter,
    snapshot::Snapshot,
    stage::Stage,
};

use super::{
    App, AppError, Failure, FailureKind, document_as_captured_now,
    live::{Selection, live},
    read::{ReadOptions, read_files, variable_names, variable_names_if_allowed},
    resolved::{ResolvedDocument, ResolvedParts, ResolvedSnapshot},
    stages::stage,
    unserved,
};
use crate::store::Store;

/// The filter for services that the user has named; `None` where that is none.
pub fn service_filter(
    services: &[String],
    found: &[&ResolvedSnapshot],
) -> Result<Option<ServiceFilter>, Failure> {
    let Some(filter) = ServiceFilter::of(services.iter().cloned()) else { return Ok(None) };
    let snapshots: Vec<&Snapshot> = found.iter().map(|one| &one.snapshot).collect();
    let Some(missing) = filter.missing(&snapshots) else { return Ok(Some(filter)) };
    let labels = found.iter().map(|one| one.label.clone()).collect();
    Err(AppError::NoService { service: missing.to_owned(), labels }.into())
}

/// Refuses a service, `tax` or `payments/tax`, that no part of these sets has.
pub fn refuse_missing(services: &[String], among: [&ResolvedParts; 2]) -> Result<(), Failure> {
    let has = |set: &ResolvedParts, wanted: &str| {
        let (part, name) = match wanted.split_once('/') {
            Some((part, name)) => (Some(part), name),
            None => (None, wanted),
        };
        let mut parts = set.snapshot.parts.iter();
        parts.any(|(alias, one)| {
            part.is_none_or(|part| part == alias.as_ref()) && one.spec.services.contains_key(name)
        })
    };
    let missing = services.iter().find(|service| !among.iter().any(|set| has(set, service)));
    let Some(service) = missing else { return Ok(()) };
    let labels = among.map(|one| one.label.clone()).to_vec();
    Err(AppError::NoService { service: service.clone(), labels }.into())
}

/// The snapshots that the references name, as they are stored.
///
/// Files alone need neither a cluster nor its store.
pub async fn resolve(
    app: &App,
    references: &[&Reference],
) -> Result<Vec<ResolvedDocument>, Failure> {
    Ok(resolve_and_read(app, references, &Aliases::default(), None).await?.0)
}

/// The snapshots that the references name, as they would be captured now:
/// what has become a variable since is no difference between them. What runs is read with the
/// aliases of its namespaces.
pub async fn resolve_to_compare(
    app: &App,
    references: &[&Reference],
    aliases: &Aliases,
) -> Result<Vec<ResolvedDocument>, Failure> {
    let found = resolve_at(app, references, aliases, None).await?;
    unserved::warn(app, references, &found).await?;
    Ok(found)
}

/// The snapshots that the references name, as they would be captured now; at a stage, files have
/// variables too.
pub async fn resolve_at(
    app: &App,
    references: &[&Reference],
    aliases: &Aliases,
    stage: Option<&StageName>,
) -> Result<Vec<ResolvedDocument>, Failure> {
    let (found, options) = resolve_and_read(app, references, aliases, stage).await?;
    let mut captured = Vec::new();
    for found in found {
        captured.push(document_as_captured_now(app, found, &options).await?);
    }
    Ok(captured)
}

async fn resolve_and_read(
    app: &App,
    references: &[&Reference],
    aliases: &Aliases,
    stage: Option<&StageName>,
) -> Result<(Vec<ResolvedDocument>, ReadOptions), Failure> {
    let only_files = stage.is_none() && references.iter().all(|one| one.is_file());
    let store = if only_files && !app.connections.store_is_directory() {
        None
    } else {
        Some(app.connections.store().await?)
    };
    let stored = references
        .iter()
        .any(|one| matches!(one, Reference::Name(_) | Reference::Digest(_) | Reference::Stage(_)));
    let variables = match &store {
        Some(store) if stored => variable_names(app, store).await?,
        Some(store) => variable_names_if_allowed(app, store).await?,
        None => BTreeSet::new(),
    };
    let aliases = aliases.clone();
    let options = ReadOptions { variables, aliases, ..ReadOptions::default() };
    let mut found = Vec::new();
    for reference in references {
        found.push(resolve_one(app, reference, &options, store.as_ref()).await?);
    }
    Ok((found, options))
}

/// The snapshot that one reference names, read as `options` say.
pub async fn resolve_one(
    app: &App,
    reference: &Reference,
    options: &ReadOptions,
    store: Option<&Store>,
) -> Result<ResolvedDocument, Failure> {
    let label = reference.to_string();
    let document = match reference {
        Reference::Name(text) | Reference::Digest(text) => {
            let store = store.ok_or_else(|| Failure::new("there is no store"))?;
            load(app, text, store).await?
        }
        Reference::Live { context, namespaces } => {
            let several = app.connections.several();
            let namespaces = if namespaces.is_empty() { several } else { namespaces };
            let selection = Selection::Named(namespaces.to_vec());
            live(app, context.as_deref(), &selection, options).await?
        }
        Reference::Stage(name) => {
            let store = store.ok_or_else(|| Failure::new("there is no store"))?;
            deployed_at(app, name, store).await?
        }
        Reference::Path(_) | Reference::Stdin => read_files(app, reference, options).await?,
    };
    Ok(ResolvedDocument { label, document })
}

/// A stored snapshot, by name or digest.
async fn load(app: &App, name: &str, store: &Store) -> Result<Document, Failure> {
    let head = store.find(name).await?;
    let progress = app.observer.count("reading chunks", None);
    Ok(store.load(&head, &|done, _total| progress.set(done)).await?)
}

/// The snapshot that is recorded as deployed at a stage.
async fn deployed_at(app: &App, name: &str, store: &Store) -> Result<Document, Failure> {
    let name = name.parse().map_err(|error| Failure::of(error).with_kind(FailureKind::Usage))?;
    let Stage { name, namespaces, .. } = stage(app, &name).await?;
    let chain = store.chain(&name).await?;
    let Some(deployed) = chain.deployed() else { return Err(nothing_at(&chain).into()) };
    if let Some(doubt) = &deployed.doubt {
        let live = listed(namespaces.iter().map(|(_, at)| format!("live:{at}")));
        let is = if namespaces.iter().count() == 1 { "is" } else { "are" };
        app.observer.warning(&format!(
            "stage {name} may run something else: {doubt}; {live} {is} what runs there"
        ));
    }
    for fault in chain.faults {
        app.observer.warning(&format!("the records of {name} cannot be trusted: {fault}"));
    }
    load(app, &deployed.snapshot.digest.to_string(), store).await
}

/// Says that no set is known to be at a stage.
fn nothing_at(chain: &Chain) -> AppError {
    let stage = chain.stage.clone();
    let Some(last) = chain.last_attempt() else { return AppError::NothingPromoted { stage } };
    let snapshot = &last.decided.snapshot;
    AppError::NothingSeenToRun {
        stage,
        number: last.link.record.number,
        snapshot: snapshot.name.clone().unwrap_or_else(|| snapshot.digest.short()),
        result: last.result_in_words().to_string(),
    }
}
