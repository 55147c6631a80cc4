//! Sets as they are read: what runs in a namespace, and what files hold.

use std::collections::{BTreeMap, BTreeSet};

use snapshot_core::{
    assembly::{Assembly, CaptureOptions, ConfigScope},
    reference::Reference,
    snapshot::{Metadata, Snapshot, Spec},
};

use super::{App, Failure};
use crate::{
    blocking::blocking,
    cluster::{self, Cluster, ClusterError},
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
}

/// The set that runs in the cluster's namespace.
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

/// Content of files: manifests, flag definitions, or a snapshot document.
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
            if !passed_over.is_empty() {
                tracing::debug!("of no part in a set: {passed_over}");
            }
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
    let assembled = assembled.map_err(|error| Failure::of(error).about(&source))?;
    assembled.warnings.iter().for_each(|warning| app.observer.warning(warning));
    Ok(snapshot_of(assembled.spec, assembled.variables, source))
}

fn snapshot_of(spec: Spec, variables: BTreeMap<String, Vec<String>>, source: String) -> Snapshot {
    Snapshot { metadata: Metadata { source: Some(source), variables, ..Metadata::default() }, spec }
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
