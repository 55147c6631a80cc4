//! The guard's objects: the policy, and the binding that puts it in force.

use serde_json::{Map, Value, json};

use super::{
    demands::DEMANDS,
    manifest::{BINDING, Manifest, POLICY},
    roles::of_store,
    rules::{CONDITION, RULES, VARIABLES},
};

/// The guard's name for the store in that namespace.
pub(super) fn name(store: &str) -> String {
    of_store("kubectl-snapshot-guard", store)
}

/// The guard of the store in that namespace, to be made after the namespace.
#[must_use]
pub fn guard(store: &str) -> Vec<Manifest> {
    let name = name(store);
    let spec = |value: Value| Map::from_iter([("spec".to_owned(), value)]);
    let binding = json!({"policyName": name, "validationActions": ["Deny"]});
    vec![
        Manifest::new(&POLICY, store, &name, spec(policy(store))),
        Manifest::new(&BINDING, store, &name, spec(binding)),
    ]
}

fn policy(store: &str) -> Value {
    let variables: Vec<Value> = VARIABLES
        .into_iter()
        .chain(DEMANDS)
        .map(|(name, expression)| json!({"name": name, "expression": expression}))
        .collect();
    let validations = RULES.map(|rule| {
        json!({
            "expression": rule.holds,
            "messageExpression": rule.otherwise,
            // What kubectl and the plugin print as a refusal, not as a malformed object.
            "reason": "Forbidden",
        })
    });
    json!({
        "failurePolicy": "Fail",
        "matchConstraints": {
            "matchPolicy": "Equivalent",
            // The API server sets this label itself, and lets nobody change it.
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": store}},
            "resourceRules": [
                {
                    "apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"],
                    "operations": ["CREATE", "UPDATE", "DELETE"], "scope": "Namespaced",
                },
                {
                    "apiGroups": [""], "apiVersions": ["v1"], "resources": ["namespaces"],
                    "operations": ["DELETE"], "scope": "Cluster",
                },
            ],
        },
        "matchConditions": [{"name": "part-of-the-store", "expression": CONDITION}],
        "variables": variables,
        "validations": validations,
    })
}
