//! Manifests applied to a namespace, and the wait for what they start.

use crate::Namespace;

impl Namespace {
    /// Applies manifests that name no namespace.
    ///
    /// # Panics
    /// Where the cluster refuses one.
    #[track_caller]
    pub fn apply(&self, manifests: &str) {
        self.kubectl(["apply", "-f", "-"]).stdin(manifests).succeeds();
    }

    /// Waits until every workload that rolls out runs what it asks for.
    ///
    /// # Panics
    /// Where one has not after a minute.
    #[track_caller]
    pub fn wait_rollouts(&self) {
        const KINDS: &str = "deployments,statefulsets,daemonsets";
        self.kubectl(["rollout", "status", KINDS, "--timeout=60s"]).succeeds();
    }
}
