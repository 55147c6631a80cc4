//! A resolved snapshot: what a REF on the command line has turned out to be.

use snapshot_core::snapshot::Snapshot;

/// A snapshot, and what the user calls it.
#[derive(Debug)]
pub struct ResolvedSnapshot {
    /// Label, as the user calls it.
    pub label: String,
    /// The snapshot.
    pub snapshot: Snapshot,
}
