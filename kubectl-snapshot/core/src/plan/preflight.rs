//! Preflight check: changes that the API would refuse, found before it is asked.

use serde_json::Value;

use crate::{manifest::Kind, tree::FieldChange};

/// Fields of a StatefulSet's spec that can be changed; all others cannot.
const STATEFUL_SET_MUTABLE: [&str; 7] = [
    "spec.template",
    "spec.updateStrategy",
    "spec.minReadySeconds",
    "spec.ordinals",
    "spec.persistentVolumeClaimRetentionPolicy",
    "spec.revisionHistoryLimit",
    "spec.replicas",
];

/// Reasons why the API would refuse these changes, with what to do instead.
pub(super) fn refusals(
    kind: Kind,
    current: &Value,
    wanted: &Value,
    fields: &[FieldChange],
) -> Vec<String> {
    if kind == Kind::ConfigMap {
        let fixed = current.get("immutable") == Some(&Value::Bool(true));
        let changed = fields.iter().any(|field| !field.path.starts_with("metadata"));
        let refusal = "it is immutable; delete it first, and the next apply creates it anew";
        return if fixed && changed { vec![refusal.to_owned()] } else { Vec::new() };
    }
    let keeps_pods =
        if kind.is_workload() { " (with --cascade=orphan its pods keep running)" } else { "" };
    fields
        .iter()
        .map(|field| field.path.as_str())
        .filter(|path| is_fixed(kind, path, [current, wanted]))
        .map(|path| {
            format!("{path} cannot be changed; delete the {kind}{keeps_pods}, and the next apply creates it anew")
        })
        .collect()
}

fn is_fixed(kind: Kind, path: &str, sides: [&Value; 2]) -> bool {
    match kind {
        Kind::Deployment | Kind::DaemonSet => path.starts_with("spec.selector"),
        Kind::StatefulSet => {
            path.starts_with("spec.")
                && !STATEFUL_SET_MUTABLE.iter().any(|open| path.starts_with(open))
        }
        Kind::Service => {
            let is = |side: &Value, kind: &str| {
                side.pointer("/spec/type").is_some_and(|found| found == kind)
            };
            match path {
                // Another name has no address, so it may gain one and lose it.
                "spec.clusterIP" => !sides.iter().any(|side| is(side, "ExternalName")),
                "spec.loadBalancerClass" => sides.iter().all(|side| is(side, "LoadBalancer")),
                _ => false,
            }
        }
        Kind::ConfigMap | Kind::CronJob | Kind::FeatureFlag | Kind::ServiceAccount => false,
    }
}
