//! Presence of a compared thing: added, removed or changed.

use serde::Serialize;

/// Presence on the two sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Added: only on the second side.
    Added,
    /// Removed: only on the first side.
    Removed,
    /// Changed: on both sides, and different.
    Changed,
}
