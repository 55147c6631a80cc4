//! `ConfigMap`s that bindings name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use snapshot_core::{
    manifest::{Kind, Manifest},
    snapshot::Spec,
};
use snapshot_policy_host::records::{ConfigMap, Contents};

use super::super::question::entry;

/// The `ConfigMap`s of those names, with what the set has under them.
pub(super) fn config_maps(spec: &Spec, names: &BTreeSet<String>) -> Vec<ConfigMap> {
    if names.is_empty() {
        return Vec::new();
    }
    let mut found: BTreeMap<String, Contents> = spec
        .objects
        .values()
        .filter_map(|manifest| match manifest.identity() {
            Some((Kind::ConfigMap, name)) if names.contains(&name) => {
                Some((name, contents(manifest)))
            }
            _ => None,
        })
        .collect();
    let config_map = |name: &String| ConfigMap { name: name.clone(), contents: found.remove(name) };
    names.iter().map(config_map).collect()
}

fn contents(manifest: &Manifest) -> Contents {
    let tree = manifest.tree();
    let members = |name: &str| tree.get(name).and_then(Value::as_object).into_iter().flatten();
    let text = |(key, value): (&String, &Value)| Some(entry(key, value.as_str()?));
    let mut data: Vec<_> = members("data").filter_map(text).collect();
    data.sort_by(|a, b| a.key.cmp(&b.key));
    let mut binary: Vec<String> = members("binaryData").map(|(key, _)| key.clone()).collect();
    binary.sort();
    Contents { data, binary }
}
