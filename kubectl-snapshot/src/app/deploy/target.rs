//! The target of a deployment: a namespace, the stage that it is, and its variables.

use std::collections::BTreeMap;

use snapshot_core::{
    assembly::ConfigScope,
    cluster_namespace::ClusterNamespace,
    parts::Aliases,
    pin::Pin,
    snapshot::Snapshot,
    stage::Stage,
    variable::{self, Variable},
};

use crate::{
    app::{
        App, AppError, Failure,
        read::{ReadOptions, variable_sets},
    },
    cluster::Cluster,
    store::{Store, VariableSet},
};

/// A namespace that a set is deployed to.
pub struct Target {
    /// Cluster, meaning that namespace.
    pub cluster: Cluster,
    /// Label of the sets that run there: `live:prod`.
    pub label: String,
    /// The stage that it is, if it is one.
    pub stage: Option<Stage>,
    /// The values chosen for variables.
    pub chosen: BTreeMap<String, String>,
    /// Options of reading what runs there.
    pub options: ReadOptions,
}

impl Target {
    /// The namespace that the flags mean.
    pub async fn of_flags(
        app: &App,
        store: &Store,
        field_manager: &str,
        variables: Option<&str>,
    ) -> Result<Self, Failure> {
        let cluster = app.connections.cluster_to_write(field_manager, None).await?;
        let mut stages = store.stages().await?.into_iter();
        let stage = stages.find(|stage| stage.is_at(cluster.context(), cluster.namespace()));
        Self::new(app, store, cluster, stage, variables).await
    }

    /// The namespace of a stage.
    pub async fn of_stage(
        app: &App,
        store: &Store,
        field_manager: &str,
        stage: Stage,
    ) -> Result<Self, Failure> {
        let cluster = app.connections.cluster_to_write(field_manager, Some(&stage)).await?;
        Self::new(app, store, cluster, Some(stage), None).await
    }

    async fn new(
        app: &App,
        store: &Store,
        cluster: Cluster,
        stage: Option<Stage>,
        variables: Option<&str>,
    ) -> Result<Self, Failure> {
        let sets = variable_sets(app, store).await?;
        let own = stage.as_ref().and_then(|stage| stage.variables.as_ref()).map(AsRef::as_ref);
        let chosen = match variables.or(own) {
            None => BTreeMap::new(),
            Some(name) => values_of(name, &sets)?,
        };
        let options = ReadOptions {
            variables: sets.into_iter().flat_map(|set| set.values.into_keys()).collect(),
            configs: ConfigScope::All,
            aliases: Aliases::default(),
        };
        let label = format!("live:{}", cluster.namespace());
        Ok(Self { cluster, label, stage, chosen, options })
    }

    /// Takes labels and annotations that a set calls the place's for that, though no variable
    /// set names them any more.
    pub fn heed(&mut self, set: &Snapshot) {
        let variables = set.metadata.variables.keys();
        let marks = variables
            .filter(|name| !matches!(Variable::of(name), Variable::Environment(_)))
            .filter(|name| variable::name_fault(name).is_none());
        self.options.variables.extend(marks.cloned());
    }

    /// The images that are written with their digests: what is asked for, else what the stage
    /// has.
    pub fn pin(&self, asked: Option<Pin>) -> Pin {
        asked.or(self.stage.as_ref().and_then(|stage| stage.pin)).unwrap_or_default()
    }

    /// Context and namespace.
    pub fn namespace(&self) -> ClusterNamespace {
        ClusterNamespace::new(self.cluster.context(), self.cluster.namespace())
    }
}

/// The values of a variable set.
fn values_of(name: &str, sets: &[VariableSet]) -> Result<BTreeMap<String, String>, Failure> {
    let chosen = sets.iter().find(|set| set.name.as_ref() == name);
    chosen.map(|set| set.values.clone()).ok_or_else(|| {
        let known = sets.iter().map(|set| set.name.to_string()).collect();
        AppError::NoVariableSet { set: name.to_owned(), known }.into()
    })
}
