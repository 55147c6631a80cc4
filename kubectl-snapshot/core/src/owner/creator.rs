//! Creator of an object, as its managed fields tell.

use serde_json::Value;

use super::{DeployerMarks, Owner, managers::managers};
use crate::manifest::Kind;

/// True if an object is a field manager's own: it has created it, and no deployer says that it
/// owns it.
///
/// Whoever changes an object owns what it has changed alone. That it owns what only a creation
/// sets is what tells: a selector that nobody can change, a default that the server fills in.
#[must_use]
pub fn is_own(kind: Kind, object: &Value, manager: &str) -> bool {
    let Some(managers) = managers(object) else { return false };
    let created = managers.iter().any(|one| {
        let owned = |path: &[&str]| {
            path.iter().try_fold(&one.fields, |fields, member| fields.field(member))
        };
        let has_created = match kind {
            Kind::StatefulSet | Kind::DaemonSet | Kind::Deployment => {
                owned(&["spec", "selector"]).is_some()
            }
            Kind::CronJob => owned(&["spec", "concurrencyPolicy"]).is_some(),
            Kind::Service => owned(&["spec", "sessionAffinity"]).is_some(),
            Kind::ConfigMap => {
                let maps = [owned(&["data"]), owned(&["binaryData"])];
                maps.into_iter().flatten().any(|map| map.is_owned)
            }
            Kind::FeatureFlag
            | Kind::DestinationRule
            | Kind::HTTPRoute
            | Kind::GRPCRoute
            | Kind::VirtualService => owned(&["spec"]).is_some_and(|spec| spec.is_owned),
            // Nothing in it is set at its creation alone.
            Kind::ServiceAccount => false,
        };
        one.name == manager && !one.applies && has_created
    });
    created && Owner::of(&DeployerMarks::of(object)).is_none()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const US: &str = "kubectl-snapshot";

    fn deployment(entries: &Value, annotations: &Value) -> Value {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "cart", "annotations": annotations, "managedFields": entries},
        })
    }

    fn entry(manager: &str, operation: &str, fields: &Value) -> Value {
        json!({
            "manager": manager, "operation": operation, "apiVersion": "apps/v1",
            "fieldsType": "FieldsV1", "fieldsV1": fields,
        })
    }

    fn is_ours(entries: &Value, annotations: &Value) -> bool {
        is_own(Kind::Deployment, &deployment(entries, annotations), US)
    }

    #[test]
    fn what_a_manager_has_created_is_its_own() {
        let whole = json!({"f:spec": {"f:selector": {}, "f:template": {}}});
        let image = json!({"f:spec": {"f:template": {}}});
        let none = json!({});
        let created = entry(US, "Update", &whole);
        assert!(is_ours(&json!([created]), &none));
        // Others may have changed it since, and the cluster has.
        let edited = entry("kubectl-edit", "Update", &image);
        let mut status = entry("kube-controller-manager", "Update", &json!({"f:status": {}}));
        status["subresource"] = "status".into();
        assert!(is_ours(&json!([created, edited, status]), &none));
        // It has changed what another has created.
        let others = entry("kubectl-create", "Update", &whole);
        assert!(!is_ours(&json!([others, entry(US, "Update", &image)]), &none));
        assert!(!is_ours(&json!([]), &none));
    }

    #[test]
    fn what_a_deployer_owns_by_now_is_not() {
        let whole = json!({"f:spec": {"f:selector": {}, "f:template": {}}});
        let created = entry(US, "Update", &whole);
        for annotations in [
            json!({"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "prod"}),
            json!({"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:prod/cart"}),
            json!({"kubectl.kubernetes.io/last-applied-configuration": "{}"}),
        ] {
            assert!(!is_ours(&json!([created]), &annotations), "{annotations}");
        }
        let applied = entry("kustomize-controller", "Apply", &whole);
        assert!(!is_ours(&json!([created, applied]), &json!({})));
    }

    #[test]
    fn a_config_map_is_its_creators() {
        let of = |fields: Value| {
            let object = json!({"metadata": {"managedFields": [entry(US, "Update", &fields)]}});
            is_own(Kind::ConfigMap, &object, US)
        };
        assert!(of(json!({"f:data": {".": {}, "f:a": {}}})));
        assert!(of(json!({"f:binaryData": {".": {}, "f:a": {}}})));
        assert!(!of(json!({"f:data": {"f:a": {}}})));
    }
}
