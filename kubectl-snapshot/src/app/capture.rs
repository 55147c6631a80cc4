//! Capturing: what runs or what manifests would run, as a snapshot that can be stored.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use snapshot_core::{
    assembly::ConfigScope,
    name::SnapshotName,
    parts::{Aliases, Document},
    reference::Reference,
};

use super::{
    App, AppError, Demand, Failure, author,
    deploy::wait_for_all,
    live::{Selection, live},
    read::{ReadOptions, read_files, variable_names, variable_names_if_allowed},
};
use crate::store::{Overwrite, Store, StoreError};

/// A snapshot to be taken.
#[derive(Clone, Debug)]
pub struct Capture {
    /// The name to store it under; without one it is only read.
    pub name: Option<SnapshotName>,
    /// Files to read instead of what runs.
    pub from: Option<Reference>,
    /// The namespaces to read.
    pub namespaces: Selection,
    /// Aliases of the namespaces.
    pub aliases: Aliases,
    /// The reason, in a sentence.
    pub message: Option<String>,
    /// The `ConfigMap`s that belong to the set.
    pub configs: ConfigScope,
    /// Demand on flag systems.
    pub demand: Demand,
    /// Replace a snapshot of that name.
    pub force: bool,
    /// Store nothing.
    pub dry_run: bool,
    /// The time that rollouts may take which have not ended; without one nothing is waited for.
    pub wait: Option<Duration>,
}

/// Reads a snapshot, and stores it where it has a name.
pub async fn capture(app: &App, capture: Capture) -> Result<Arc<Document>, Failure> {
    let store = match (&capture.name, &capture.from) {
        (None, Some(_)) if !app.connections.store_is_directory() => None,
        _ => Some(app.connections.store().await?),
    };
    if let (Some(store), Some(name), false) = (&store, &capture.name, capture.force) {
        // Said before the work rather than after it; the store checks again when it writes.
        refuse_taken(store, name).await?;
    }
    let options = ReadOptions {
        variables: match &store {
            // What is stored must be the same whoever captures it.
            Some(store) if capture.name.is_some() => variable_names(app, store).await?,
            Some(store) => variable_names_if_allowed(app, store).await?,
            None => BTreeSet::new(),
        },
        configs: capture.configs,
        aliases: capture.aliases,
        demand: capture.demand,
    };
    if let Some(timeout) = capture.wait {
        let cluster = app.connections.cluster().await?;
        wait_for_all(app, &cluster, timeout).await?;
    }
    let mut document = read(app, capture.from.as_ref(), &capture.namespaces, &options).await?;
    let metadata = document.metadata_mut();
    metadata.created = Some(app.clock.now());
    metadata.message = capture.message.or(metadata.message.take());
    let Some(name) = capture.name else { return Ok(Arc::new(document)) };
    metadata.name = Some(name.to_string());
    metadata.author = author(app).await;
    let document = Arc::new(document);
    if let (Some(store), false) = (&store, capture.dry_run) {
        let overwrite = if capture.force { Overwrite::Force } else { Overwrite::Never };
        let progress = app.observer.count("storing chunks", None);
        store.save(&name, &document, overwrite, &|done, _total| progress.set(done)).await?;
    }
    Ok(document)
}

async fn read(
    app: &App,
    from: Option<&Reference>,
    namespaces: &Selection,
    options: &ReadOptions,
) -> Result<Document, Failure> {
    match from {
        None => live(app, None, namespaces, options).await,
        Some(Reference::Name(name)) => {
            read_files(app, &Reference::Path(name.into()), options).await
        }
        Some(files @ (Reference::Path(_) | Reference::Stdin)) => {
            read_files(app, files, options).await
        }
        Some(other) => Err(AppError::NotFiles { from: other.clone() }.into()),
    }
}

/// Refuses a name that is taken, before work is done for it. The store refuses
/// again when it writes: somebody else may have been faster.
pub async fn refuse_taken(store: &Store, name: &SnapshotName) -> Result<(), Failure> {
    match store.find(name.as_ref()).await {
        Ok(head) if head.name == *name => {
            Err(StoreError::Taken { name: head.name, digest: head.digest }.into())
        }
        Ok(_) | Err(StoreError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
