//! The flag sources that the store has, read once in a run.

use std::sync::Arc;

use snapshot_core::{flag_source::FlagSource, stage::Stage};
use tokio::sync::OnceCell;

use crate::{
    app::{App, Failure, stages},
    cluster::{Cluster, ClusterError},
    store::StoreError,
};

/// The flag sources of the store, once they have been read.
#[derive(Default)]
pub struct FlagSystems(OnceCell<Arc<Known>>);

/// Flag sources, and the stages that tell which namespaces are theirs.
#[derive(Default)]
struct Known {
    sources: Vec<FlagSource>,
    stages: Vec<Stage>,
}

/// The sources that have the flags of the cluster's namespace.
pub(in crate::app) async fn sources_at(
    app: &App,
    cluster: &Cluster,
) -> Result<Vec<FlagSource>, Failure> {
    let known = app.flag_systems.0.get_or_try_init(|| load(app)).await?;
    let is_here = |context: &str| cluster.is_context(context) == Some(true);
    let namespace = cluster.namespace();
    let is_at = |source: &&FlagSource| {
        source.is_at(namespace, is_here, |name| {
            let mut stages = known.stages.iter();
            stages.any(|stage| stage.name == *name && stage.is_at(is_here, namespace))
        })
    };
    Ok(known.sources.iter().filter(is_at).cloned().collect())
}

async fn load(app: &App) -> Result<Arc<Known>, Failure> {
    let Some(store) = app.connections.store_if_any().await? else { return Ok(Arc::default()) };
    let found = match store.flag_sources().await {
        Ok(found) => found,
        Err(StoreError::Cluster(error @ ClusterError::Forbidden { .. })) => {
            app.observer.warning(&format!(
                "flags of Unleash and Flipt are left out, for flag sources cannot be read: {error}"
            ));
            return Ok(Arc::default());
        }
        Err(error) => return Err(error.into()),
    };
    for error in found.broken {
        app.observer.failure("its flags are left out", &error.into());
    }
    let sources = found.readable;
    let has_stages = sources.iter().any(FlagSource::is_at_stages);
    let stages = if has_stages {
        let mut stages = store.stages().await?;
        stages::warn_of_broken(app, &mut stages);
        stages.readable
    } else {
        Vec::new()
    };
    Ok(Arc::new(Known { sources, stages }))
}
