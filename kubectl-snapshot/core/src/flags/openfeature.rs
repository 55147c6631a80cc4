//! Flags of the `OpenFeature` operator: `FeatureFlag` resources.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    flagd::{self, FlagdError},
    system::{Definitions, FlagError, FlagSystem, Object},
};
use crate::{flag::Flag, manifest::Kind};

/// The `OpenFeature` operator.
pub(super) struct OpenFeature;

/// Problem of a resource that cannot be read.
#[derive(Debug, thiserror::Error)]
enum ResourceError {
    /// Another resource than a `FeatureFlag`.
    #[error("{0}: not a FeatureFlag of core.openfeature.dev/v1beta1 with a name and spec.flagSpec")]
    NotFeatureFlag(String),
    /// Definitions that are none of flagd's.
    #[error(transparent)]
    Definitions(#[from] FlagdError),
}

impl FlagSystem for OpenFeature {
    fn name(&self) -> &'static str {
        "featureflag"
    }

    fn read_object(&self, object: &Object<'_>) -> Result<Definitions, FlagError> {
        if object.kind != Kind::FeatureFlag {
            return Ok(Definitions::new());
        }
        let flags = parse(object.tree()).map_err(FlagError::new)?;
        Ok(flags.into_iter().collect())
    }
}

/// Reads the flags of a `FeatureFlag` resource, whose `spec.flagSpec` is flagd's.
fn parse(resource: &Value) -> Result<BTreeMap<String, Flag>, ResourceError> {
    let text = |pointer| resource.pointer(pointer).and_then(Value::as_str);
    let name = text("/metadata/name").unwrap_or_default();
    let source = format!("{}:{name}", OpenFeature.name());
    let kind = Kind::FeatureFlag;
    let is_feature_flag = text("/kind") == Some(kind.name())
        && text("/apiVersion") == Some(kind.api_version().as_str());
    match resource.pointer("/spec/flagSpec") {
        Some(definitions) if is_feature_flag && !name.is_empty() => {
            Ok(flagd::parse(definitions, &source)?)
        }
        _ => Err(ResourceError::NotFeatureFlag(source)),
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
