//! Flags of the `OpenFeature` operator: `FeatureFlag` resources.

use serde_json::Value;

use super::{
    error::FlagError,
    flagd,
    system::{Definitions, FlagSystem, Object},
};
use crate::manifest::Kind;

/// The `OpenFeature` operator.
pub(super) struct OpenFeature;

/// Error: a resource is another than a `FeatureFlag`.
#[derive(Debug, thiserror::Error)]
#[error("{0}: not a FeatureFlag of core.openfeature.dev/v1beta1 with a name and spec.flagSpec")]
struct NotFeatureFlag(String);

impl FlagSystem for OpenFeature {
    fn name(&self) -> &'static str {
        "featureflag"
    }

    fn read_object(&self, object: &Object<'_>) -> Definitions {
        if object.kind == Kind::FeatureFlag { parse(object.tree()) } else { Definitions::default() }
    }
}

/// Reads the flags of a `FeatureFlag` resource, whose `spec.flagSpec` is flagd's.
fn parse(resource: &Value) -> Definitions {
    let text = |pointer| resource.pointer(pointer).and_then(Value::as_str);
    let name = text("/metadata/name").unwrap_or_default();
    let source = format!("{}:{name}", OpenFeature.name());
    let kind = Kind::FeatureFlag;
    let is_feature_flag = text("/kind") == Some(kind.name())
        && text("/apiVersion") == Some(kind.api_version().as_str());
    match resource.pointer("/spec/flagSpec") {
        Some(definitions) if is_feature_flag && !name.is_empty() => {
            flagd::parse(definitions, &source)
        }
        _ => FlagError::of_origin(&source, NotFeatureFlag(source.clone())).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_resource_is_read() {
        // As the operator's own sample has it.
        let resource = json!({
            "apiVersion": "core.openfeature.dev/v1beta1", "kind": "FeatureFlag",
            "metadata": {"name": "featureflag-sample"},
            "spec": {"flagSpec": {"flags": {"simple-flag": {
                "state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on",
            }}}},
        });
        let found = parse(&resource);
        assert!(found.faults.is_empty(), "{:?}", found.faults);
        assert_eq!(found.flags[0].key, "simple-flag");
        assert_eq!(found.flags[0].flag.source, "featureflag:featureflag-sample");
        assert_eq!(found.flags[0].flag.value, json!(true));
    }

    #[test]
    fn another_resource_is_refused() {
        for resource in [
            json!(null),
            json!({"apiVersion": "core.openfeature.dev/v1beta1", "kind": "Flagd", "metadata": {"name": "x"}}),
            json!({
                "apiVersion": "core.openfeature.dev/v1alpha1", "kind": "FeatureFlag", "metadata": {"name": "x"},
                "spec": {"flagSpec": {"flags": {}}},
            }),
        ] {
            let fault = parse(&resource).faults.remove(0).to_string();
            assert!(fault.contains("not a FeatureFlag"), "{resource}");
        }
    }
}
