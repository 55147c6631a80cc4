//! Contents of a ConfigMap: text and binary data by key.

use std::collections::BTreeMap;

use serde_json::Value;

/// The members that hold a ConfigMap's contents.
pub(super) const CONTENTS: [&str; 2] = ["data", "binaryData"];

/// The values of all keys, those of binary data in base64.
pub(super) fn values(config_map: &Value) -> BTreeMap<&String, &Value> {
    CONTENTS
        .into_iter()
        .filter_map(|member| config_map.get(member)?.as_object())
        .flatten()
        .collect()
}
