//! Flags of the `OpenFeature` operator: `FeatureFlag` resources.

use std::collections::BTreeMap;

use serde_json::Value;

use super::flagd::{self, FlagdError, FlagdProblem};
use crate::{flag::Flag, manifest::Kind};

/// Reads the flags of a `FeatureFlag` resource, whose `spec.flagSpec` is flagd's.
pub fn parse(resource: &Value) -> Result<BTreeMap<String, Flag>, FlagdError> {
    let text = |pointer| resource.pointer(pointer).and_then(Value::as_str);
    let name = text("/metadata/name").unwrap_or_default();
    let source = format!("featureflag:{name}");
    let kind = Kind::FeatureFlag;
    let is_feature_flag = text("/kind") == Some(kind.name())
        && text("/apiVersion") == Some(kind.api_version().as_str());
    match resource.pointer("/spec/flagSpec") {
        Some(definitions) if is_feature_flag && !name.is_empty() => {
            flagd::parse(definitions, &source)
        }
        _ => Err(FlagdError { origin: source, flag: None, problem: FlagdProblem::NotFeatureFlag }),
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
        let flags = parse(&resource).unwrap();
        assert_eq!(flags["simple-flag"].source, "featureflag:featureflag-sample");
        assert_eq!(flags["simple-flag"].value, json!(true));
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
            assert!(
                parse(&resource).unwrap_err().to_string().contains("not a FeatureFlag"),
                "{resource}"
            );
        }
    }
}
