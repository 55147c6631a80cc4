//! Differences of ConfigMaps, key by key.

use serde_json::Value;

use super::{ConfigMapDiff, KeyDiff, Presence, contents::values, pairs::Pair};

/// Compares the contents of paired ConfigMaps.
pub(super) fn compare(pairs: &[Pair<'_>]) -> Vec<ConfigMapDiff> {
    let mut differences: Vec<ConfigMapDiff> = pairs
        .iter()
        .filter_map(|pair| match (pair.before, pair.after) {
            (Some((_, left)), Some((_, right))) => {
                let keys = if left == right {
                    Vec::new()
                } else {
                    compare_keys(&left.tree(), &right.tree())
                };
                (!keys.is_empty()).then(|| diff(pair.label, Presence::Changed, keys))
            }
            (Some(_), None) => Some(diff(pair.label, Presence::Removed, Vec::new())),
            (None, _) => Some(diff(pair.label, Presence::Added, Vec::new())),
        })
        .collect();
    differences.sort_by(|a, b| a.name.cmp(&b.name));
    differences
}

fn diff(name: &str, change: Presence, keys: Vec<KeyDiff>) -> ConfigMapDiff {
    ConfigMapDiff { name: name.to_owned(), change, keys }
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
