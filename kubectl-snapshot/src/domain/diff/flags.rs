//! Differences of flags and requirements.

use std::collections::{BTreeMap, BTreeSet};

use super::{FlagDiff, Presence, RequirementDiff};
use crate::domain::{flag::Flag, snapshot::Spec};

/// Flags that differ. Where one was read is no difference: the value is.
pub(super) fn compare(
    before: &BTreeMap<String, Flag>,
    after: &BTreeMap<String, Flag>,
) -> Vec<FlagDiff> {
    let mut keys: Vec<&String> =
        before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))).collect();
    keys.sort();
    keys.into_iter()
        .filter_map(|key| {
            let (left, right) = (before.get(key), after.get(key));
            let change = match (left, right) {
                (Some(left), Some(right)) if same(left, right) => return None,
                (Some(_), Some(_)) => Presence::Changed,
                (Some(_), None) => Presence::Removed,
                (None, _) => Presence::Added,
            };
            Some(FlagDiff {
                key: key.clone(),
                change,
                before: left.cloned(),
                after: right.cloned(),
            })
        })
        .collect()
}

/// Requirements are compared apart, and the source is a place.
fn same(left: &Flag, right: &Flag) -> bool {
    left.enabled == right.enabled
        && left.value == right.value
        && left.variants == right.variants
        && left.targeting == right.targeting
        && left.service == right.service
}

/// Requirements that only one side has, of flags and of instances.
pub(super) fn compare_requirements(before: &Spec, after: &Spec) -> Vec<RequirementDiff> {
    let (before, after) = (requirements(before), requirements(after));
    let one_sided =
        |from: &BTreeSet<(String, String)>, other: &BTreeSet<(String, String)>, added| {
            from.difference(other)
                .map(|(dependent, requirement)| RequirementDiff {
                    dependent: dependent.clone(),
                    requirement: requirement.clone(),
                    added,
                })
                .collect::<Vec<_>>()
        };
    let mut differences = one_sided(&before, &after, false);
    differences.extend(one_sided(&after, &before, true));
    differences.sort();
    differences
}

fn requirements(spec: &Spec) -> BTreeSet<(String, String)> {
    let of_flags = spec.flags.iter().flat_map(|(key, flag)| {
        flag.requires
            .iter()
            .map(move |requirement| (format!("flag {key}"), requirement.to_string()))
    });
    let of_instances = spec.instances().flat_map(|instance| {
        instance
            .instance
            .requires
            .iter()
            .map(move |requirement| (instance.key(), requirement.to_string()))
    });
    of_flags.chain(of_instances).collect()
}
