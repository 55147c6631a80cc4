//! Differences of ConfigMaps, key by key.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{ConfigMapDiff, KeyDiff, Presence, objects::Index};
use crate::domain::manifest::{Kind, Manifest, without_hash};

/// The members that hold a ConfigMap's contents.
pub(super) const CONTENTS: [&str; 2] = ["data", "binaryData"];

/// What differs in contents, a ConfigMap at a time.
pub(super) fn compare(before: &Index<'_>, after: &Index<'_>) -> Vec<ConfigMapDiff> {
    let (before, after) = (by_stable_name(before), by_stable_name(after));
    let mut names: Vec<&str> = before
        .keys()
        .chain(after.keys().filter(|name| !before.contains_key(*name)))
        .copied()
        .collect();
    names.sort_unstable();
    names
        .into_iter()
        .filter_map(|name| match (before.get(name), after.get(name)) {
            (Some(left), Some(right)) => {
                let keys = if left == right {
                    Vec::new()
                } else {
                    compare_keys(&left.tree(), &right.tree())
                };
                (!keys.is_empty()).then(|| diff(name, Presence::Changed, keys))
            }
            (Some(_), None) => Some(diff(name, Presence::Removed, Vec::new())),
            (None, _) => Some(diff(name, Presence::Added, Vec::new())),
        })
        .collect()
}

fn diff(name: &str, change: Presence, keys: Vec<KeyDiff>) -> ConfigMapDiff {
    ConfigMapDiff { name: name.to_owned(), change, keys }
}

/// kustomize renames a ConfigMap on each change: its stable name is the one
/// without the hash, unless another ConfigMap of the set has that one too.
pub(super) fn by_stable_name<'a>(index: &'a Index<'_>) -> BTreeMap<&'a str, &'a Manifest> {
    let names = || index.iter().filter(|((kind, _), _)| *kind == Kind::ConfigMap);
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for ((_, name), _) in names() {
        *uses.entry(without_hash(name)).or_default() += 1;
    }
    names()
        .map(|((_, name), manifest)| {
            let stable = without_hash(name);
            (if uses.get(stable) == Some(&1) { stable } else { name.as_str() }, *manifest)
        })
        .collect()
}

/// Every key whose value differs.
fn compare_keys(before: &Value, after: &Value) -> Vec<KeyDiff> {
    let (before, after) = (values(before), values(after));
    let mut keys: Vec<&String> = before
        .keys()
        .chain(after.keys().filter(|key| !before.contains_key(*key)))
        .copied()
        .collect();
    keys.sort();
    keys.into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| KeyDiff {
            key: key.clone(),
            before: before.get(key).map(|value| (*value).clone()),
            after: after.get(key).map(|value| (*value).clone()),
        })
        .collect()
}

fn values(config_map: &Value) -> BTreeMap<&String, &Value> {
    CONTENTS
        .into_iter()
        .filter_map(|member| config_map.get(member)?.as_object())
        .flatten()
        .collect()
}
