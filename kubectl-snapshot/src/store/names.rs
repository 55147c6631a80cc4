//! Names of snapshots and stages, for those who only want the names.

use super::{Head, Store, StoreError, directory::Files, entry::Section};

/// The names of a store.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The snapshots that can be read, newest first.
    pub snapshots: Vec<Head>,
    /// The stages, by name.
    pub stages: Vec<String>,
}

impl Store {
    /// Names, with as little work as possible: of a cluster, one request for metadata.
    pub async fn names(&self) -> Result<Names, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.names().await,
            Self::Directory(home) => {
                let read = |files: &Files| {
                    Ok::<_, StoreError>((files.entries(Section::Stages)?, files.list()?))
                };
                let (stages, listing) = home.on(read).await?;
                let stages = stages.into_iter().map(|stage| stage.name).collect();
                Ok(Names { snapshots: listing.heads, stages })
            }
        }
    }
}
