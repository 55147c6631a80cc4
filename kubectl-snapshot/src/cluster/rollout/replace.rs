//! Deleting the broken pods that a StatefulSet would wait for without end.

use std::collections::BTreeSet;

use super::look::BlockingPod;
use crate::cluster::Cluster;

/// The pods that were in the way at the last look.
#[derive(Default)]
pub(super) struct Replacements(BTreeSet<BlockingPod>);

impl Replacements {
    /// Deletes those that still are in the way after a second look: a pod that
    /// was about to be replaced is gone by then. Returns the deleted ones.
    ///
    /// Nothing is lost with them: their template is no longer wanted, and they
    /// are not ready. Where that is not allowed, the wait goes on and tells
    /// what to do.
    pub(super) async fn replace(
        &mut self,
        cluster: &Cluster,
        blocking: Vec<BlockingPod>,
    ) -> Vec<BlockingPod> {
        let mut replaced = Vec::new();
        let before = std::mem::replace(&mut self.0, blocking.into_iter().collect());
        for pod in self.0.intersection(&before) {
            let path = format!("{}/{}", cluster.core_path("pods"), pod.name);
            if cluster.delete_exactly(&path, &pod.uid, false).await.is_ok() {
                replaced.push(pod.clone());
            }
        }
        replaced
    }
}
