//! A cluster that stores another value than it is sent, as a mesh or a
//! registry mirror does.

use serde_json::json;

use crate::{Namespace, wait_for};

/// A `MutatingAdmissionPolicy` that writes a field of its own into whatever
/// Deployment of a namespace is updated. It goes when this is dropped.
#[derive(Debug)]
#[must_use = "it goes when this is dropped"]
pub struct Mutation<'a> {
    place: &'a Namespace,
}

impl<'a> Mutation<'a> {
    /// Sets `terminationGracePeriodSeconds` to 7, and waits until that happens to `deployment`.
    ///
    /// # Panics
    /// Where the cluster refuses, or does not do so.
    #[track_caller]
    pub fn of_grace_period(place: &'a Namespace, deployment: &str) -> Self {
        let name = place.name();
        let rule = json!({
            "apiGroups": ["apps"], "apiVersions": ["v1"],
            "operations": ["UPDATE"], "resources": ["deployments"],
        });
        let expression = "Object{spec: Object.spec{template: Object.spec.template{spec: \
                          Object.spec.template.spec{terminationGracePeriodSeconds: 7}}}}";
        let policy = json!({
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "MutatingAdmissionPolicy",
            "metadata": {"name": name},
            "spec": {
                "failurePolicy": "Fail",
                "reinvocationPolicy": "Never",
                "matchConstraints": {"resourceRules": [rule]},
                "mutations": [{
                    "patchType": "ApplyConfiguration",
                    "applyConfiguration": {"expression": expression},
                }],
            },
        });
        let here = json!({"matchLabels": {"kubernetes.io/metadata.name": name}});
        let binding = json!({
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "MutatingAdmissionPolicyBinding",
            "metadata": {"name": name},
            "spec": {"policyName": name, "matchResources": {"namespaceSelector": here}},
        });
        for object in [policy, binding] {
            place.cluster().kubectl(["create", "-f", "-"]).stdin(object.to_string()).succeeds();
        }
        let mutation = Self { place };
        let tried = ["annotate", "deployment", deployment, "tried=1", "--dry-run=server"];
        wait_for("the API server to change what it stores", || {
            let answer = place.kubectl(tried.into_iter().chain(["-o", "json"])).succeeds().json();
            let grace = &answer["spec"]["template"]["spec"]["terminationGracePeriodSeconds"];
            (grace.as_i64() == Some(7)).then_some(())
        });
        mutation
    }
}

impl Drop for Mutation<'_> {
    fn drop(&mut self) {
        for kind in ["mutatingadmissionpolicybinding", "mutatingadmissionpolicy"] {
            let delete = ["delete", kind, self.place.name(), "--ignore-not-found"];
            let _ = self.place.cluster().kubectl(delete).run();
        }
    }
}
