//! Rights for the users that tests act as.

use serde_json::{Value, json};

use crate::Namespace;

/// Rule of a role: verbs on some resources.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    /// The API group: `""` for the core, `apps`, …
    pub group: &'a str,
    /// Resources by plural name: `configmaps`, `deployments/status`.
    pub resources: &'a [&'a str],
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`.
    pub verbs: &'a [&'a str],
}

impl Namespace {
    /// Lets a user do this, here, from now on, and nothing else but what
    /// earlier calls for another namespace allowed.
    ///
    /// # Panics
    /// Where the cluster refuses.
    #[track_caller]
    pub fn allow(&self, user: &str, rules: &[Rule<'_>]) {
        self.apply(&role(user, rules).to_string());
    }

    /// Grants rights in the store's namespace, which is made if there is none yet.
    ///
    /// # Panics
    /// Where the cluster refuses.
    #[track_caller]
    pub fn allow_in_store(&self, user: &str, rules: &[Rule<'_>]) {
        let store = json!({
            "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.store()},
        });
        let apply = ["apply", "-f", "-"];
        self.cluster().kubectl(apply).stdin(store.to_string()).succeeds();
        let role = role(user, rules).to_string();
        self.cluster().kubectl(["apply", "-n", self.store(), "-f", "-"]).stdin(role).succeeds();
    }
}

/// A role with the user's name, and its binding.
fn role(user: &str, rules: &[Rule<'_>]) -> Value {
    const GROUP: &str = "rbac.authorization.k8s.io";
    let version = format!("{GROUP}/v1");
    let rules: Vec<_> = rules
        .iter()
        .map(|rule| {
            json!({"apiGroups": [rule.group], "resources": rule.resources, "verbs": rule.verbs})
        })
        .collect();
    json!({"apiVersion": "v1", "kind": "List", "items": [
        {
            "apiVersion": version, "kind": "Role",
            "metadata": {"name": user},
            "rules": rules,
        },
        {
            "apiVersion": version, "kind": "RoleBinding",
            "metadata": {"name": user},
            "roleRef": {"apiGroup": GROUP, "kind": "Role", "name": user},
            "subjects": [{"apiGroup": GROUP, "kind": "User", "name": user}],
        },
    ]})
}
