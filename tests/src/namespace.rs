//! A namespace that one test has to itself.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use crate::{Cluster, Invocation};

/// A namespace of one test, with the name of a store to go with it. No other test has either, so
/// nobody waits for their end: a control plane of our own takes them with it, and elsewhere they
/// are deleted in the background.
///
/// Stages of one delivery share a store: see [`beside`](Self::beside).
#[derive(Debug)]
pub struct Namespace {
    cluster: &'static Cluster,
    name: Unique,
    store: Arc<Unique>,
}

impl Namespace {
    /// Creates one. The hint is what transcripts call it.
    ///
    /// # Panics
    /// Where the cluster refuses.
    #[must_use]
    #[track_caller]
    pub fn new(cluster: &'static Cluster, hint: &str) -> Self {
        Self::with_store(cluster, hint, Arc::new(Unique::new(cluster, "store")))
    }

    /// Creates another that keeps its snapshots in the same store.
    ///
    /// # Panics
    /// Where the cluster refuses.
    #[must_use]
    #[track_caller]
    pub fn beside(&self, hint: &str) -> Self {
        Self::with_store(self.cluster, hint, Arc::clone(&self.store))
    }

    #[track_caller]
    fn with_store(cluster: &'static Cluster, hint: &str, store: Arc<Unique>) -> Self {
        let name = Unique::new(cluster, hint);
        cluster.kubectl(["create", "namespace", &name.name]).succeeds();
        Self { cluster, name, store }
    }

    /// The cluster it is in.
    #[must_use]
    pub fn cluster(&self) -> &'static Cluster {
        self.cluster
    }

    /// Name of the namespace.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name.name
    }

    /// The name of the store's namespace, which the plugin creates.
    #[must_use]
    pub fn store(&self) -> &str {
        &self.store.name
    }

    /// A run of kubectl in this namespace.
    pub fn kubectl<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Invocation {
        self.cluster.kubectl(arguments).hidden(["--namespace", self.name()])
    }

    /// A run of the plugin in this namespace, on its store. The flags that say
    /// so do not show in transcripts.
    ///
    /// # Panics
    /// Where the plugin was not built.
    pub fn plugin<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Invocation {
        self.cluster.plugin(arguments).hidden([
            "--namespace",
            self.name(),
            "--store-namespace",
            self.store(),
        ])
    }

    /// A run of the plugin in this namespace and another one, on their store.
    ///
    /// # Panics
    /// Where the plugin was not built.
    pub fn plugin_with<'a>(
        &self,
        other: &Self,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Invocation {
        let both = format!("{},{}", self.name(), other.name());
        let flags = ["--namespace", &both, "--store-namespace", self.store()];
        self.cluster.plugin(arguments).hidden(flags)
    }
}

/// A namespace's name that no other run has.
#[derive(Debug)]
struct Unique {
    cluster: &'static Cluster,
    name: String,
}

impl Unique {
    fn new(cluster: &'static Cluster, hint: &str) -> Self {
        // std's only source of randomness: each RandomState has keys of its own.
        let random = RandomState::new().hash_one(hint);
        Self { cluster, name: format!("e2e-{hint}-{:08x}", random >> 32) }
    }
}

impl Drop for Unique {
    fn drop(&mut self) {
        // Deleting costs a busy API server minutes, and a control plane of our own ends soon.
        if !self.cluster.is_private() {
            let delete = ["delete", "namespace", &self.name, "--ignore-not-found", "--wait=false"];
            self.cluster.kubectl(delete).in_the_background();
        }
    }
}
