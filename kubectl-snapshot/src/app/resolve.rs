//! From a REF to the snapshot it names.

use std::collections::BTreeSet;

use snapshot_core::{
    assembly::{Assembly, CaptureOptions, ConfigScope},
    focus::Focus,
    record::Chain,
    reference::Reference,
    snapshot::{Metadata, Snapshot, Spec},
    stage::Stage,
};

use super::{App, Failure, as_captured_now, stages::stage};
use crate::{
    blocking::blocking,
    cluster::{self, Cluster, ClusterError},
    sources::{self, Content},
    store::{Store, StoreError},
};

/// A snapshot, and what the user calls it.
#[derive(Debug)]
pub struct ResolvedSnapshot {
    /// What the user calls it.
    pub label: String,
    /// The snapshot.
    pub snapshot: Snapshot,
}

/// Options of reading what runs, or what manifests would run.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Environment names that are variables.
    pub variables: BTreeSet<String>,
    /// The `ConfigMap`s that belong to the set.
    pub configs: ConfigScope,
}

/// The filter for services that the user has named; `None` where that is none.
pub fn focus_on(services: &[String], found: &[ResolvedSnapshot]) -> Result<Option<Focus>, Failure> {
    let Some(focus) = Focus::on(services.iter().cloned()) else { return Ok(None) };
    let snapshots: Vec<&Snapshot> = found.iter().map(|one| &one.snapshot).collect();
    let Some(missing) = focus.missing(&snapshots) else { return Ok(Some(focus)) };
    let labels: Vec<&str> = found.iter().map(|one| one.label.as_str()).collect();
    let (places, first) = (labels.join(" or "), labels.first().copied().unwrap_or("live"));
    Err(Failure::new(format!("there is no service {missing} in {places}"))
        .hint(format!("kubectl snapshot describe {first} shows those that there are")))
}

/// The snapshots that the references name, as they are stored.
///
/// Files alone need neither a cluster nor its store.
pub async fn resolve(
    app: &App,
    references: &[&Reference],
) -> Result<Vec<ResolvedSnapshot>, Failure> {
    Ok(resolve_and_read(app, references).await?.0)
}

/// The snapshots that the references name, as they would be captured now:
/// what has become a variable since is no difference between them.
pub async fn resolve_to_compare(
    app: &App,
    references: &[&Reference],
) -> Result<Vec<ResolvedSnapshot>, Failure> {
    let (found, options) = resolve_and_read(app, references).await?;
    let mut captured = Vec::new();
    for found in found {
        captured.push(as_captured_now(app, found, &options).await?);
    }
    Ok(captured)
}

async fn resolve_and_read(
    app: &App,
    references: &[&Reference],
) -> Result<(Vec<ResolvedSnapshot>, ReadOptions), Failure> {
    let only_files = references.iter().all(|one| one.is_file());
    let store = if only_files && !app.connections.store_is_directory() {
        None
    } else {
        Some(app.connections.store().await?)
    };
    let stored = references
        .iter()
        .any(|one| matches!(one, Reference::Name(_) | Reference::Digest(_) | Reference::Stage(_)));
    let variables = match &store {
        Some(store) if stored => variable_names(store).await?,
        Some(store) => variable_names_if_allowed(app, store).await?,
        None => BTreeSet::new(),
    };
    let options = ReadOptions { variables, configs: ConfigScope::All };
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
) -> Result<ResolvedSnapshot, Failure> {
    let label = reference.to_string();
    let snapshot = match reference {
        Reference::Name(text) | Reference::Digest(text) => {
            let store = store.ok_or_else(|| Failure::new("there is no store"))?;
            load(app, text, store).await?
        }
        Reference::Live { context, namespace } => {
            let connections = &app.connections;
            let cluster = connections.cluster_at(context.as_deref(), namespace.as_deref()).await?;
            read_live(app, &cluster, options).await?
        }
        Reference::Stage(name) => {
            let store = store.ok_or_else(|| Failure::new("there is no store"))?;
            deployed_at(app, name, store).await?
        }
        Reference::Path(_) | Reference::Stdin => read_files(app, reference, options).await?,
    };
    Ok(ResolvedSnapshot { label, snapshot })
}

/// A stored snapshot, by name or digest.
async fn load(app: &App, name: &str, store: &Store) -> Result<Snapshot, Failure> {
    let head = store.find(name).await?;
    let progress = app.observer.count("reading chunks", None);
    Ok(store.load(&head, &|done, _total| progress.set(done)).await?)
}

/// What is recorded as deployed at a stage.
async fn deployed_at(app: &App, name: &str, store: &Store) -> Result<Snapshot, Failure> {
    let name = name.parse().map_err(|error| Failure::usage(format!("{error}")))?;
    let Stage { name, namespace, context, .. } = stage(app, &name).await?;
    let chain = store.chain(&name).await?;
    let Some(deployed) = chain.deployed() else { return Err(nothing_at(&chain)) };
    if let Some(doubt) = &deployed.doubt {
        let context = context.map(|context| format!("{context}/")).unwrap_or_default();
        app.observer.warning(&format!(
            "stage {name} may run something else: {doubt}; live:{context}{namespace} is what runs there"
        ));
    }
    for fault in chain.faults {
        app.observer.warning(&format!("the records of {name} cannot be trusted: {fault}"));
    }
    load(app, &deployed.snapshot.digest.to_string(), store).await
}

/// Says that no set is known to be at a stage.
fn nothing_at(chain: &Chain) -> Failure {
    let stage = &chain.stage;
    let Some(last) = chain.last_attempt() else {
        return Failure::new(format!("nothing has been promoted to stage {stage} yet"))
            .hint(format!("promote something: kubectl snapshot promote REF --to {stage}"));
    };
    let snapshot = &last.decided.snapshot;
    Failure::new(format!(
        "nothing has been promoted to stage {stage} and seen to run: record {stage}/{} let {} \
         through, and that ended: {}",
        last.link.record.number,
        snapshot.name.clone().unwrap_or_else(|| snapshot.digest.short()),
        last.result_in_words()
    ))
    .hint(format!("kubectl snapshot history {stage} says more"))
    .hint(format!("promote once more: kubectl snapshot promote REF --to {stage}"))
}

/// What runs in the cluster's namespace.
pub async fn read_live(
    app: &App,
    cluster: &Cluster,
    options: &ReadOptions,
) -> Result<Snapshot, Failure> {
    let options = CaptureOptions {
        variables: options.variables.clone(),
        configs: options.configs,
        lenient: true,
    };
    let progress = app.observer.count(&format!("reading {}", cluster.namespace()), None);
    let observed = cluster::read(cluster, options, &|count| progress.set(count)).await?;
    drop(progress);
    observed.warnings.iter().for_each(|warning| app.observer.warning(warning));
    let source = format!("live:{}/{}", cluster.context(), cluster.namespace());
    finish(app, observed.assembly, source).await
}

/// What files hold: manifests, flag definitions, or a snapshot document.
pub async fn read_files(
    app: &App,
    reference: &Reference,
    options: &ReadOptions,
) -> Result<Snapshot, Failure> {
    let inputs = match reference {
        Reference::Path(path) => sources::read_path(path).await?,
        _ => vec![sources::read_stdin().await?],
    };
    let options = CaptureOptions {
        variables: options.variables.clone(),
        configs: options.configs,
        lenient: false,
    };
    match sources::read(inputs, options, app.connections.named_namespace()).await? {
        Content::Snapshot(snapshot) => Ok(*snapshot),
        Content::Set { assembled, passed_over } => {
            let kinds: Vec<String> =
                passed_over.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
            tracing::debug!("of no part in a set: {}", kinds.join(", "));
            assembled.warnings.iter().for_each(|warning| app.observer.warning(warning));
            Ok(snapshot_of(assembled.spec, assembled.variables, reference.to_string()))
        }
    }
}

/// Makes a snapshot of what was assembled.
pub(super) async fn finish(
    app: &App,
    assembly: Assembly,
    source: String,
) -> Result<Snapshot, Failure> {
    let assembled = blocking(move || assembly.finish()).await;
    let assembled = assembled.map_err(|error| Failure::new(format!("{source}: {error}")))?;
    assembled.warnings.iter().for_each(|warning| app.observer.warning(warning));
    Ok(snapshot_of(assembled.spec, assembled.variables, source))
}

fn snapshot_of(
    spec: Spec,
    variables: std::collections::BTreeMap<String, Vec<String>>,
    source: String,
) -> Snapshot {
    Snapshot { metadata: Metadata { source: Some(source), variables, ..Metadata::default() }, spec }
}

/// The environment names that a variable set defines: variables everywhere.
pub async fn variable_names(store: &Store) -> Result<BTreeSet<String>, Failure> {
    let sets = store.variable_sets().await?;
    Ok(sets.into_iter().flat_map(|set| set.values.into_keys()).collect())
}

/// The same for a command that needs nothing else of the store: whoever may
/// not read it is told what that means.
pub async fn variable_names_if_allowed(
    app: &App,
    store: &Store,
) -> Result<BTreeSet<String>, Failure> {
    match store.variable_sets().await {
        Err(StoreError::Cluster(error @ ClusterError::Forbidden { .. })) => {
            app.observer.warning(&format!(
                "every environment value counts, for variable sets cannot be read: {error}"
            ));
            Ok(BTreeSet::new())
        }
        sets => Ok(sets?.into_iter().flat_map(|set| set.values.into_keys()).collect()),
    }
}
