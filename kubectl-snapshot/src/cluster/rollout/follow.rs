//! Watch of all workloads of one kind: one list, then one watch.

use std::{collections::BTreeSet, pin::pin, time::Duration};

use futures::StreamExt;
use snapshot_core::manifest::Kind;
use tokio::{
    sync::mpsc::Sender,
    time::{sleep, timeout},
};

use super::state::State;
use crate::cluster::{Cluster, ClusterError, Query, Watched, pages::each_item};

/// Between the end of a watch and the next list.
const PAUSE: Duration = Duration::from_secs(2);

/// A watch without any news for so long hangs: bookmarks come every minute.
const SILENCE: Duration = Duration::from_secs(150);

/// Observation of a workload.
#[derive(Debug)]
pub(super) enum Observation {
    /// Present, in that state.
    Seen(Kind, Box<State>),
    /// Deleted.
    Gone(Kind, String),
    /// No observation possible for now, and why.
    Blind(String),
}

/// Reports what is seen of the workloads of a kind until that is not allowed.
pub(super) async fn follow(
    cluster: &Cluster,
    kind: Kind,
    names: BTreeSet<String>,
    observations: Sender<Observation>,
) -> ClusterError {
    // One workload of thousands is all that the server need send.
    let query = match names.iter().next() {
        Some(name) if names.len() == 1 => {
            Query::default().with("fieldSelector", &format!("metadata.name={name}"))
        }
        _ => Query::default(),
    };
    let follower = Follower { cluster, kind, path: cluster.path(kind), query, names, observations };
    loop {
        match follower.list_and_watch().await {
            Ok(()) | Err(ClusterError::Expired { .. }) => {}
            Err(error @ (ClusterError::Forbidden { .. } | ClusterError::Unauthorized { .. })) => {
                return error;
            }
            // Time is what such a wait has; its end is the caller's.
            Err(error) => follower.report(Observation::Blind(error.to_string())).await,
        }
        sleep(PAUSE).await;
    }
}

struct Follower<'a> {
    cluster: &'a Cluster,
    kind: Kind,
    path: String,
    query: Query,
    names: BTreeSet<String>,
    observations: Sender<Observation>,
}

impl Follower<'_> {
    async fn list_and_watch(&self) -> Result<(), ClusterError> {
        let version = self.list().await?;
        let watch = match self.cluster.watch::<State>(&self.path, &self.query, &version).await {
            // A role without this verb gets a list every now and then.
            Err(ClusterError::Forbidden { .. }) => return Ok(()),
            watch => watch?,
        };
        let mut watch = pin!(watch);
        while let Ok(Some(event)) = timeout(SILENCE, watch.next()).await {
            match event? {
                Watched::Present(state) => self.observe(state).await,
                Watched::Gone(state) => self.miss(state.metadata.name).await,
                Watched::Bookmark => {}
            }
        }
        Ok(())
    }

    async fn list(&self) -> Result<String, ClusterError> {
        let names = self.names.clone();
        let take = move |found: &mut Vec<State>, text: &str| {
            let state: State = serde_json::from_str(text)?;
            if names.contains(&state.metadata.name) {
                found.push(state);
            }
            Ok(())
        };
        let (version, found) =
            each_item(self.cluster, &self.path, &self.query, Vec::new(), take).await?;
        let mut missing = self.names.clone();
        for state in found {
            missing.remove(&state.metadata.name);
            self.observe(state).await;
        }
        for name in missing {
            self.miss(name).await;
        }
        Ok(version)
    }

    async fn observe(&self, state: State) {
        if self.names.contains(&state.metadata.name) {
            self.report(Observation::Seen(self.kind, Box::new(state))).await;
        }
    }

    async fn miss(&self, name: String) {
        if self.names.contains(&name) {
            self.report(Observation::Gone(self.kind, name)).await;
        }
    }

    async fn report(&self, observation: Observation) {
        // Nobody listens once the wait is over, and then nothing is missed.
        let _ = self.observations.send(observation).await;
    }
}
