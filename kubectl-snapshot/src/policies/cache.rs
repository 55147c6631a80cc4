//! The folder of compiled policies, looked at from outside.

use std::{
    fs,
    path::{Path, PathBuf},
};

use snapshot_policy_host::Cache;

use super::engine::cache_directory;
use crate::blocking::blocking;

/// The user's folder of compiled policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheFolder {
    /// Path of the folder.
    pub path: PathBuf,
    /// State of the folder.
    pub state: CacheState,
}

/// State of a folder of compiled policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CacheState {
    /// Absent: made when a policy is compiled.
    Absent,
    /// Private to this user.
    Private {
        /// The files in it.
        files: usize,
        /// The bytes of those.
        bytes: u64,
    },
    /// Unusable: not private, or not known to be; the reason, and what to do.
    Unusable(String),
}

impl CacheFolder {
    /// The user's, if they have a home. Nothing is made.
    pub async fn find() -> Option<Self> {
        blocking(Self::find_here).await
    }

    fn find_here() -> Option<Self> {
        let path = cache_directory()?;
        let state = match path.try_exists() {
            Ok(false) => CacheState::Absent,
            Ok(true) | Err(_) => match Cache::open(&path) {
                Ok(_) => size(&path),
                Err(error) => CacheState::Unusable(error.to_string()),
            },
        };
        Some(Self { path, state })
    }
}

fn size(path: &Path) -> CacheState {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let sizes: Vec<u64> = entries.filter_map(|entry| Some(entry.metadata().ok()?.len())).collect();
    CacheState::Private { files: sizes.len(), bytes: sizes.iter().sum() }
}
