//! An object to put into the cluster.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// A kind of object that `init` makes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Resource {
    api_version: &'static str,
    kind: &'static str,
    plural: &'static str,
    namespaced: bool,
}

pub(super) const NAMESPACE: Resource =
    Resource { api_version: "v1", kind: "Namespace", plural: "namespaces", namespaced: false };
pub(super) const ROLE: Resource = Resource {
    api_version: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    plural: "roles",
    namespaced: true,
};
pub(super) const CLUSTER_ROLE: Resource = Resource {
    api_version: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    plural: "clusterroles",
    namespaced: false,
};
pub(super) const POLICY: Resource = Resource {
    api_version: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    plural: "validatingadmissionpolicies",
    namespaced: false,
};
pub(super) const BINDING: Resource = Resource {
    api_version: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    plural: "validatingadmissionpolicybindings",
    namespaced: false,
};

/// An object to put into the cluster, as `kubectl apply` takes it.
#[derive(Clone, Debug)]
pub struct Manifest {
    resource: &'static Resource,
    store: String,
    name: String,
    body: Map<String, Value>,
}

impl Manifest {
    /// An object for the store in the namespace `store`; `body` is what it has
    /// beside its type and metadata.
    pub(super) fn new(
        resource: &'static Resource,
        store: &str,
        name: impl Into<String>,
        body: Map<String, Value>,
    ) -> Self {
        Self { resource, store: store.to_owned(), name: name.into(), body }
    }

    /// `role.rbac.authorization.k8s.io/snapshot-reader`, as kubectl prints it.
    #[must_use]
    pub fn title(&self) -> String {
        let kind = self.resource.kind.to_lowercase();
        match self.resource.api_version.split_once('/') {
            Some((group, _)) => format!("{kind}.{group}/{}", self.name),
            None => format!("{kind}/{}", self.name),
        }
    }

    /// The object's path.
    pub(super) fn path(&self) -> String {
        let Resource { api_version, plural, namespaced, .. } = self.resource;
        let root = if api_version.contains('/') { "apis" } else { "api" };
        let place = if *namespaced { format!("namespaces/{}/", self.store) } else { String::new() };
        format!("/{root}/{api_version}/{place}{plural}/{}", self.name)
    }

    /// True if the API server may be too old to know such objects.
    #[must_use]
    pub fn is_guard(&self) -> bool {
        [&POLICY, &BINDING].contains(&self.resource)
    }

    /// The whole object.
    pub(super) fn object(&self) -> Value {
        let mut metadata = json!({"name": self.name});
        // Whoever made the namespace may have labelled it for another tool.
        if *self.resource != NAMESPACE {
            metadata["labels"] = json!({"app.kubernetes.io/managed-by": "kubectl-snapshot"});
        }
        if self.resource.namespaced {
            metadata["namespace"] = self.store.as_str().into();
        }
        let mut object = self.body.clone();
        object.insert("apiVersion".to_owned(), self.resource.api_version.into());
        object.insert("kind".to_owned(), self.resource.kind.into());
        object.insert("metadata".to_owned(), metadata);
        object.into()
    }
}

impl Serialize for Manifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.object().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_paths_are_those_of_kubectl() {
        let role = Manifest::new(&ROLE, "vault", "snapshot-reader", Map::new());
        assert_eq!(role.title(), "role.rbac.authorization.k8s.io/snapshot-reader");
        assert_eq!(
            role.path(),
            "/apis/rbac.authorization.k8s.io/v1/namespaces/vault/roles/snapshot-reader"
        );
        assert_eq!(role.object()["metadata"]["namespace"], "vault");
        let namespace = Manifest::new(&NAMESPACE, "vault", "vault", Map::new());
        assert_eq!(namespace.title(), "namespace/vault");
        assert_eq!(namespace.path(), "/api/v1/namespaces/vault");
        assert_eq!(namespace.object()["metadata"], json!({"name": "vault"}));
    }
}
