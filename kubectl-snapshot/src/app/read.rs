//! Sets as they are read: what runs in a namespace, and what files hold.

use std::collections::{BTreeMap, BTreeSet};

use snapshot_core::{
    assembly::{Assembled, Assembly, CaptureOptions, ConfigScope},
    parts::{Aliases, Document, PartName, Parts, Several},
    reference::Reference,
    snapshot::{Metadata, Snapshot},
    unknown_fields::UnknownFields,
};

use super::{App, Demand, Failure, flag_systems::observe};
use crate::{
    blocking::blocking,
    cluster::{Cluster, ClusterError},
    sources::{self, Content},
    store::{Store, StoreError, VariableSet},
};

/// Options of reading what runs, or what manifests would run.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Names that are variables.
    pub variables: BTreeSet<String>,
    /// The `ConfigMap`s that belong to the set.
    pub configs: ConfigScope,
    /// Aliases of the namespaces that are read as parts.
    pub aliases: Aliases,
    /// Demand on flag systems.
    pub demand: Demand,
}

impl ReadOptions {
    /// Options of an assembly; a lenient one goes on where something cannot be read.
    pub(super) fn to_capture(&self, lenient: bool) -> CaptureOptions {
        CaptureOptions { variables: self.variables.clone(), configs: self.configs, lenient }
    }
}

/// The set that runs in the cluster's namespace.
pub async fn read_live(
    app: &App,
    cluster: &Cluster,
    options: &ReadOptions,
) -> Result<Snapshot, Failure> {
    let (demand, options) = (options.demand, options.to_capture(true));
    let progress = app.observer.count(&format!("reading {}", cluster.namespace()), None);
    let observed = observe(app, cluster, options, demand, &|count| progress.set(count)).await?;
    drop(progress);
    observed.warnings.iter().for_each(|warning| app.observer.warning(warning));
    let source = format!("live:{}/{}", cluster.context(), cluster.namespace());
    finish(app, observed.assembly, source).await
}

/// Content of files: manifests, flag definitions, or a snapshot document.
pub async fn read_files(
    app: &App,
    reference: &Reference,
    options: &ReadOptions,
) -> Result<Document, Failure> {
    let inputs = match reference {
        Reference::Path(path) => sources::read_path(path).await?,
        _ => vec![sources::read_stdin().await?],
    };
    let options = options.to_capture(false);
    let warn = |warning: &String| app.observer.warning(warning);
    let source = reference.to_string();
    let (document, passed_over) =
        match sources::read(inputs, options, app.connections.named_namespaces()).await? {
            Content::Document(document) => return Ok(*document),
            Content::Set { assembled, passed_over } => {
                assembled.warnings.iter().for_each(warn);
                (snapshot_of(*assembled, source).into(), passed_over)
            }
            Content::Parts { parts, passed_over } => {
                let part = |(name, assembled): (PartName, Assembled)| {
                    let Assembled { spec, variables, warnings, .. } = assembled;
                    for warning in warnings {
                        warn(&format!("{name}: {warning}"));
                    }
                    let metadata = Metadata { variables, ..Metadata::default() };
                    (name, Snapshot { metadata, spec })
                };
                let parts = parts.into_iter().map(part).collect();
                (in_parts(parts, source)?, passed_over)
            }
        };
    if !passed_over.is_empty() {
        tracing::debug!("of no part in a set: {passed_over}");
    }
    Ok(document)
}

/// Makes a snapshot of parts, of which there are several.
pub(super) fn in_parts(
    parts: BTreeMap<PartName, Snapshot>,
    source: String,
) -> Result<Document, Failure> {
    let metadata = Metadata { source: Some(source), ..Metadata::default() };
    let parts = Parts::new(parts).map_err(Failure::of)?;
    Ok(Document::Several(Several { metadata, parts, extra: UnknownFields::new() }))
}

/// Makes a snapshot of what was assembled.
pub(super) async fn finish(
    app: &App,
    assembly: Assembly,
    source: String,
) -> Result<Snapshot, Failure> {
    let (snapshot, warnings) = finish_silently(assembly, source).await?;
    for warning in &warnings {
        app.observer.warning(warning);
    }
    Ok(snapshot)
}

/// Makes a snapshot of what was assembled, and the warnings about it, for whoever looks again and
/// again.
pub(super) async fn finish_silently(
    assembly: Assembly,
    source: String,
) -> Result<(Snapshot, Vec<String>), Failure> {
    let assembled = blocking(move || assembly.finish()).await;
    let assembled = assembled.map_err(|error| Failure::of(error).about(&source))?;
    let mut assembled = assembled;
    let warnings = std::mem::take(&mut assembled.warnings);
    Ok((snapshot_of(assembled, source), warnings))
}

fn snapshot_of(assembled: Assembled, source: String) -> Snapshot {
    let Assembled { spec, variables, flag_sources, .. } = assembled;
    let source = Some(source);
    Snapshot { metadata: Metadata { source, variables, flag_sources, ..Metadata::default() }, spec }
}

/// The names that a variable set defines: variables everywhere.
pub async fn variable_names(app: &App, store: &Store) -> Result<BTreeSet<String>, Failure> {
    let sets = variable_sets(app, store).await?;
    Ok(sets.into_iter().flat_map(|set| set.values.into_keys()).collect())
}

/// The variable sets of a store. What somebody wrote by hand and no variable can be is said.
pub async fn variable_sets(app: &App, store: &Store) -> Result<Vec<VariableSet>, StoreError> {
    let sets = store.variable_sets().await?;
    for fault in sets.iter().flat_map(|set| &set.faults) {
        app.observer.warning(fault);
    }
    Ok(sets)
}

/// The variables' names, for a command that needs nothing else of the store: whoever may
/// not read it is told what that means.
pub async fn variable_names_if_allowed(
    app: &App,
    store: &Store,
) -> Result<BTreeSet<String>, Failure> {
    match variable_sets(app, store).await {
        Err(StoreError::Cluster(error @ ClusterError::Forbidden { .. })) => {
            app.observer.warning(&format!(
                "every environment value counts, for variable sets cannot be read: {error}"
            ));
            Ok(BTreeSet::new())
        }
        sets => Ok(sets?.into_iter().flat_map(|set| set.values.into_keys()).collect()),
    }
}
