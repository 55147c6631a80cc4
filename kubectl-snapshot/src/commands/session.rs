//! Session of a command: the terminal, the cluster, the store.

use std::{collections::BTreeSet, io::Write, time::Duration};

use snapshot_core::stage::Stage;
use tokio::sync::OnceCell;

use super::{
    exit::Exit,
    failure::Failure,
    global::{GlobalArgs, STORE_NAMESPACE},
    signals::Signals,
};
use crate::{
    cluster::{Cluster, ClusterError, Stop},
    render::{Change, ChangeList, Format, Report, Style, render},
    store::{Store, StoreError},
    ui::{Clock, Ui, is_closed_stdout},
};

/// Session of a command: its connections and its terminal.
pub struct Session {
    /// The terminal.
    pub ui: Ui,
    /// The time.
    pub clock: Clock,
    /// The wish that the command ends, for work that ends in good order.
    pub stop: Stop,
    /// The signals that end the command.
    pub signals: Signals,
    globals: GlobalArgs,
    /// The cluster that the flags mean: a credential plugin runs once, a connection is shared.
    cluster: OnceCell<Cluster>,
}

impl Session {
    /// A session as the global flags say.
    #[must_use]
    pub fn new(globals: GlobalArgs, ui: Ui, stop: Stop, signals: Signals) -> Self {
        Self { ui, clock: Clock::system(), stop, signals, globals, cluster: OnceCell::new() }
    }

    /// The namespace named by `-n`, if any.
    #[must_use]
    pub fn named_namespace(&self) -> Option<&str> {
        self.globals.namespace.as_deref()
    }

    /// Timeout of a single request, where the user has set one.
    #[must_use]
    pub fn request_timeout(&self) -> Option<Duration> {
        let timeout = self.globals.request_timeout;
        (!timeout.is_zero()).then_some(timeout)
    }

    /// The cluster and namespace that the flags mean.
    pub async fn cluster(&self) -> Result<Cluster, Failure> {
        Ok(self.connected().await?)
    }

    pub(super) async fn connected(&self) -> Result<Cluster, ClusterError> {
        let options = self.globals.connect_options();
        self.cluster.get_or_try_init(|| options.connect()).await.cloned()
    }

    /// The cluster of another context, the namespace named, or the defaults of both.
    pub async fn cluster_at(
        &self,
        context: Option<&str>,
        namespace: Option<&str>,
    ) -> Result<Cluster, Failure> {
        if context.is_none() && namespace.is_none() {
            return self.cluster().await;
        }
        let mut options = self.globals.connect_options();
        if let Some(context) = context {
            options.context = Some(context.to_owned());
        }
        if let Some(namespace) = namespace {
            options.namespace = Some(namespace.to_owned());
        }
        Ok(options.connect().await?)
    }

    /// The namespace of a stage, or else the one that the flags mean, with writes
    /// in the name of `field_manager`.
    pub(super) async fn cluster_to_write(
        &self,
        field_manager: &str,
        stage: Option<&Stage>,
    ) -> Result<Cluster, Failure> {
        let mut options = self.globals.connect_options();
        field_manager.clone_into(&mut options.field_manager);
        if let Some(stage) = stage {
            options.context = stage.context.clone().or(options.context);
            options.namespace = Some(stage.namespace.clone());
        }
        Ok(options.connect().await?)
    }

    /// The namespace of a store in a cluster.
    pub(super) fn store_namespace(&self) -> Option<&str> {
        (!self.store_is_directory()).then_some(self.globals.store_namespace.as_str())
    }

    /// True if the store is a directory, which needs no cluster.
    #[must_use]
    pub fn store_is_directory(&self) -> bool {
        self.globals.store.is_some()
    }

    /// The flags that name the store, for commands that are shown to be typed.
    #[must_use]
    pub fn store_flags(&self) -> Vec<String> {
        match &self.globals.store {
            Some(directory) => vec!["--store".to_owned(), directory.display().to_string()],
            None if self.globals.store_namespace == STORE_NAMESPACE => Vec::new(),
            None => vec!["--store-namespace".to_owned(), self.globals.store_namespace.clone()],
        }
    }

    /// The store that the flags mean.
    pub async fn store(&self) -> Result<Store, Failure> {
        Ok(match &self.globals.store {
            Some(directory) => Store::in_directory(directory),
            None => Store::in_cluster(self.cluster().await?, &self.globals.store_namespace),
        })
    }

    /// The store that the flags mean; none where there is no cluster at all.
    pub async fn store_if_any(&self) -> Result<Option<Store>, Failure> {
        if self.store_is_directory() {
            return self.store().await.map(Some);
        }
        match self.connected().await {
            Ok(cluster) => Ok(Some(Store::in_cluster(cluster, &self.globals.store_namespace))),
            Err(ClusterError::NoCluster) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The environment names that a variable set defines: variables everywhere.
    pub async fn variable_names(&self, store: &Store) -> Result<BTreeSet<String>, Failure> {
        let sets = store.variable_sets().await?;
        Ok(sets.into_iter().flat_map(|set| set.values.into_keys()).collect())
    }

    /// Names of variables, for a command that needs nothing else of the store: whoever may
    /// not read it is told what that means.
    pub async fn variable_names_if_allowed(
        &self,
        store: &Store,
    ) -> Result<BTreeSet<String>, Failure> {
        match store.variable_sets().await {
            Err(StoreError::Cluster(error @ ClusterError::Forbidden { .. })) => {
                self.ui.warning(&format!(
                    "every environment value counts, for variable sets cannot be read: {error}"
                ));
                Ok(BTreeSet::new())
            }
            sets => Ok(sets?.into_iter().flat_map(|set| set.values.into_keys()).collect()),
        }
    }

    /// Prints a report to stdout.
    pub fn show<R: Report>(&self, report: &R, format: &Format) -> Result<(), Failure> {
        let style = Style {
            colour: self.ui.colour(),
            width: self.ui.width(),
            terminal: self.ui.is_terminal(),
        };
        self.print(|out| render(report, format, style, out).map_err(Failure::from))
    }

    /// Says that something was made, changed or taken away.
    pub(super) fn tell(&self, change: Change, format: &Format) -> Result<(), Failure> {
        self.show(&ChangeList::from(change), format)
    }

    /// Prints to stdout whatever `write` writes. A reader that went away is no failure.
    pub fn print(
        &self,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.ui.result(write)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if is_closed_stdout(&error) {
            return Self::reported(Exit::Done);
        }
        Self::new(format!("the output cannot be written: {error}"))
    }
}
