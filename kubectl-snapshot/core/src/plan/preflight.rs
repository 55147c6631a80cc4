//! Preflight check: changes that the API would refuse, found before it is asked.

#![warn(clippy::wildcard_enum_match_arm)]

use serde_json::Value;

use crate::{
    manifest::{FixedFields, Kind},
    tree::FieldChange,
};

/// Reasons why the API would refuse these changes, with what to do instead.
pub(super) fn refusals(
    kind: Kind,
    current: &Value,
    wanted: &Value,
    fields: &[FieldChange],
) -> Vec<String> {
    let fixed = kind.spec().fixed;
    let mut refused = fields
        .iter()
        .map(|field| field.path.as_str())
        .filter(|path| fixed.contain(path, [current, wanted]));
    if matches!(fixed, FixedFields::IfImmutable) {
        let refusal = "it is immutable; delete it first, and the next apply creates it anew";
        return refused.next().map(|_| refusal.to_owned()).into_iter().collect();
    }
    let keeps_pods =
        if kind.is_workload() { " (with --cascade=orphan its pods keep running)" } else { "" };
    refused
        .map(|path| {
            format!("{path} cannot be changed; delete the {kind}{keeps_pods}, and the next apply creates it anew")
        })
        .collect()
}
