//! References to Secrets, whose values belong to the place.
//!
//! A Secret that kustomize made has a hash of its values in its name, so that the name belongs
//! to the place as well.

use serde_json::{Map, Value};

use super::{Kind, without_hash};

/// True if objects of a kind refer to Secrets by name.
#[must_use]
pub fn refers_to_secrets(kind: Kind) -> bool {
    kind.is_workload() || kind == Kind::ServiceAccount
}

/// Calls `take` with each name of a Secret that a workload, a ServiceAccount or a part of one
/// refers to.
pub fn each_secret_name(tree: &mut Value, take: &mut impl FnMut(&mut String)) {
    match tree {
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), &mut *member) {
                    ("secretName", Value::String(name)) => take(name),
                    // In a volume it has a secretName, in a projected one a name.
                    ("secret" | "secretRef" | "secretKeyRef", Value::Object(reference)) => {
                        name_of(reference, take);
                    }
                    (key, Value::Object(reference)) if key.ends_with("SecretRef") => {
                        name_of(reference, take);
                    }
                    ("imagePullSecrets" | "secrets", Value::Array(references)) => {
                        let references = references.iter_mut().filter_map(Value::as_object_mut);
                        references.for_each(|reference| name_of(reference, take));
                    }
                    _ => {}
                }
                each_secret_name(member, take);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                each_secret_name(element, take);
            }
        }
        _ => {}
    }
}

fn name_of(reference: &mut Map<String, Value>, take: &mut impl FnMut(&mut String)) {
    if let Some(Value::String(name)) = reference.get_mut("name") {
        take(name);
    }
}

/// Takes the hashes out of the names of Secrets.
pub fn forget_secret_hashes(tree: &mut Value) {
    each_secret_name(tree, &mut |name| {
        let stable = without_hash(name).len();
        name.truncate(stable);
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_reference_to_a_secret_is_found() {
        let secret = "db-7hk2g4m8tb";
        let mut pod = json!({"spec": {
            "imagePullSecrets": [{"name": secret}],
            "containers": [{
                "name": secret,
                "env": [{"name": "P", "valueFrom": {"secretKeyRef": {"name": secret, "key": "p"}}}],
                "envFrom": [{"secretRef": {"name": secret}}, {"configMapRef": {"name": secret}}],
            }],
            "volumes": [
                {"name": "a", "secret": {"secretName": secret}},
                {"name": "b", "projected": {"sources": [{"secret": {"name": secret}}]}},
                {"name": "c", "csi": {"nodePublishSecretRef": {"name": secret}}},
                {"name": "d", "azureFile": {"secretName": secret}},
                {"name": "e", "cephfs": {"secretRef": {"name": secret}}},
            ],
        }});
        let mut found = 0;
        each_secret_name(&mut pod, &mut |name| {
            assert_eq!(name, secret);
            found += 1;
        });
        assert_eq!(found, 8);
        forget_secret_hashes(&mut pod);
        assert_eq!(pod["spec"]["volumes"][0]["secret"]["secretName"], "db");
        let container = &pod["spec"]["containers"][0];
        assert_eq!(container["name"], secret, "no Secret");
        assert_eq!(container["envFrom"][1]["configMapRef"]["name"], secret);
        let mut account =
            json!({"secrets": [{"name": secret}], "imagePullSecrets": [{"name": "own"}]});
        forget_secret_hashes(&mut account);
        assert_eq!(
            account,
            json!({"secrets": [{"name": "db"}], "imagePullSecrets": [{"name": "own"}]})
        );
    }
}
