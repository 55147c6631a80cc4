//! What the API refuses to change, known before it is asked.

use serde_json::Value;

use crate::domain::{manifest::Kind, tree::FieldChange};

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

/// Why the API would refuse these changes, with what to do instead.
pub(super) fn refusals<'a>(
    kind: Kind,
    current: &'a Value,
    fields: &'a [FieldChange],
) -> impl Iterator<Item = String> + 'a {
    let immutable = kind == Kind::ConfigMap && current.get("immutable") == Some(&Value::Bool(true));
    let config_map = (immutable && fields.iter().any(|field| !field.path.starts_with("metadata")))
        .then(|| "it is immutable; delete it first, and the next apply creates it anew".to_owned());
    let of_fields = fields.iter().filter_map(move |field| {
        let path = field.path.as_str();
        let fixed = match kind {
            Kind::Deployment | Kind::DaemonSet => path.starts_with("spec.selector"),
            Kind::StatefulSet => path.starts_with("spec.") && !STATEFUL_SET_MUTABLE.iter().any(|open| path.starts_with(open)),
            _ => false,
        };
        fixed.then(|| {
            format!("{path} cannot be changed; delete the {kind} (with --cascade=orphan its pods keep running), and the next apply creates it anew")
        })
    });
    config_map.into_iter().chain(of_fields)
}
