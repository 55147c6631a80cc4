//! Variables whose values differ between two places.

use super::VariableDiff;
use crate::snapshot::Snapshot;

/// Variables that both sides know, with different values.
///
/// A side that never saw a value (a manifest rendered without one) says
/// nothing about it.
pub(super) fn compare(before: &Snapshot, after: &Snapshot) -> Vec<VariableDiff> {
    let (before, after) = (&before.metadata.variables, &after.metadata.variables);
    before
        .iter()
        .filter_map(|(name, values)| Some((name, values, after.get(name)?)))
        .filter(|(_, left, right)| left != right)
        .map(|(name, left, right)| VariableDiff {
            name: name.clone(),
            before: left.clone(),
            after: right.clone(),
        })
        .collect()
}
