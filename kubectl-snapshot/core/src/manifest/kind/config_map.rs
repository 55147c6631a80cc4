//! The kind ConfigMap: configuration that workloads or their sidecars read.

use serde_json::{Map, Value};

use super::{Defaults, FixedFields, Form, KindSpec, Role, Serving, Wave};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "ConfigMap",
    group: "",
    former_groups: &[],
    version: "v1",
    other_versions: &[],
    plural: "configmaps",
    serving: Serving::Always,
    wave: Wave::Configuration,
    role: Role::ConfigMap,
    fixed: FixedFields::IfImmutable,
    form: Form::Reduced(Defaults {
        assigned: unwrap_binary_data,
        ..Defaults::of("immutable = false")
    }),
};

/// Takes the line breaks out of binary data, as the API server's decoder of base64 does.
fn unwrap_binary_data(config_map: &mut Map<String, Value>) {
    let Some(Value::Object(data)) = config_map.get_mut("binaryData") else { return };
    for value in data.values_mut() {
        if let Value::String(text) = value
            && text.contains(['\n', '\r'])
        {
            text.retain(|c| !matches!(c, '\n' | '\r'));
        }
    }
}

/// The name of a ConfigMap without the hash that kustomize appends
/// (`shop-config-fhm9f7tdt5` → `shop-config`).
#[must_use]
pub fn without_hash(name: &str) -> &str {
    match name.rsplit_once('-') {
        // kustomize's alphabet leaves out what could spell a word.
        Some((stable, hash))
            if hash.len() == 10 && hash.chars().all(|c| "2456789bcdfghkmt".contains(c)) =>
        {
            stable
        }
        _ => name,
    }
}
