//! Presence of a compared thing: added, removed or changed.

use serde::Serialize;

/// Presence on the two sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Only on the second.
    Added,
    /// Only on the first.
    Removed,
    /// On both, and different.
    Changed,
}
