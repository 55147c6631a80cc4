//! What can be named in a store, for those who only want the names.

use super::{Head, Store, StoreError, entry::Section};

/// The names of a store.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The snapshots that can be read, newest first.
    pub snapshots: Vec<Head>,
    /// The stages, by name.
    pub stages: Vec<String>,
}

impl Store {
    /// Its names, with as little work as possible: of a cluster, one request for metadata.
    pub async fn names(&self) -> Result<Names, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.names().await,
            Self::Directory(home) => {
                let stages = home.entries(Section::Stages)?.into_iter().map(|stage| stage.name);
                Ok(Names { snapshots: home.list()?.heads, stages: stages.collect() })
            }
        }
    }
}
