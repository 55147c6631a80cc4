//! Index of a set's objects by kind and name.

use std::collections::BTreeMap;

use crate::{
    manifest::{Kind, Manifest},
    snapshot::Spec,
};

/// The objects of a set that are no workloads, by kind and name.
pub(super) type Index<'a> = BTreeMap<(Kind, String), &'a Manifest>;

/// Indexes what the instances do not already speak of.
pub(super) fn of(spec: &Spec) -> Index<'_> {
    spec.objects
        .values()
        .filter_map(|manifest| Some((manifest.identity()?, manifest)))
        .filter(|((kind, _), _)| !kind.is_workload())
        .collect()
}
