//! The one policy host of a process.

use std::{path::PathBuf, sync::Arc, time::Duration};

use snapshot_policy_host::{Cache, Host, Limits};

use crate::{blocking::blocking, files::cache_home};

/// Resource limits of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Wall time of one call.
    pub time: Duration,
    /// Bytes of memory.
    pub memory: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        let limits = Limits::default();
        Self { time: limits.time, memory: limits.memory }
    }
}

/// Runs policies within bounds, and keeps what it has compiled.
#[derive(Clone, Debug)]
pub struct Engine(Arc<Host>);

/// Error: policies cannot be run at all.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct EngineError(#[from] snapshot_policy_host::HostError);

/// The most bytes that a policy may have.
#[must_use]
pub fn largest() -> u64 {
    Limits::default().component as u64
}

impl Engine {
    /// Starts it, with the user's cache of compiled policies.
    pub async fn start(bounds: Bounds) -> Result<Self, EngineError> {
        blocking(move || {
            let host = Self::host(bounds)?;
            // Without a cache every run compiles, which is slow and right.
            Ok(Self(Arc::new(match cache_directory().map(Cache::open) {
                Some(Ok(cache)) => host.with_cache(cache),
                Some(Err(_)) | None => host,
            })))
        })
        .await
    }

    /// Starts one that compiles every policy anew.
    pub(super) fn without_cache(bounds: Bounds) -> Result<Self, EngineError> {
        Ok(Self(Arc::new(Self::host(bounds)?)))
    }

    fn host(bounds: Bounds) -> Result<Host, EngineError> {
        let limits = Limits { time: bounds.time, memory: bounds.memory, ..Limits::default() };
        Ok(Host::new(limits)?)
    }

    /// The host.
    pub(super) fn get(&self) -> &Host {
        &self.0
    }
}

/// Folder of compiled policies, kept between runs: the user's cache folder.
pub(super) fn cache_directory() -> Option<PathBuf> {
    Some(cache_home()?.join("policies"))
}
