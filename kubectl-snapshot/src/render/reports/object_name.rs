//! Names of Kubernetes objects.

use snapshot_core::manifest::Kind;

/// `deployment.apps/cart`, as kubectl prints it with `-o name` and takes it.
pub(super) fn object_name(kind: Kind, name: &str) -> String {
    let dot = if kind.group().is_empty() { "" } else { "." };
    format!("{}{dot}{}/{name}", kind.name().to_lowercase(), kind.group())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_kubectl() {
        assert_eq!(object_name(Kind::Deployment, "cart"), "deployment.apps/cart");
        assert_eq!(object_name(Kind::ConfigMap, "app"), "configmap/app");
    }
}
