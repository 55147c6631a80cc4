//! Discovery: the API groups that a cluster serves, asked for once a run.

use snapshot_core::manifest::{Kind, Serving};

use super::{Cluster, ClusterError, groups::Served};

/// The path that lists them.
const GROUPS: &str = "/apis";

impl Cluster {
    /// The groups that the cluster serves.
    pub(super) async fn served(&self) -> Result<&Served, ClusterError> {
        self.known_groups().get_or_try_init(|| self.discover()).await
    }

    async fn discover(&self) -> Result<Served, ClusterError> {
        // Who serves no groups at all has no such page either.
        let Some(text) = self.get(GROUPS).await? else { return Ok(Served::default()) };
        Served::read(&text).map_err(|error| ClusterError::answer(GROUPS, error))
    }

    /// Those of some kinds that the cluster is known not to serve.
    pub async fn unserved(
        &self,
        kinds: impl IntoIterator<Item = Kind>,
    ) -> Result<Vec<Kind>, ClusterError> {
        let mut asked = kinds.into_iter().filter(|kind| kind.spec().serving == Serving::IfServed);
        let Some(first) = asked.next() else { return Ok(Vec::new()) };
        let served = self.served().await?;
        let all = [first].into_iter().chain(asked);
        Ok(all.filter(|kind| served.version(*kind).is_none()).collect())
    }
}
