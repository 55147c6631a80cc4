//! Cleaning of an object: what belongs to the cluster or the place is taken out.

use serde_json::{Map, Value};

use super::{Kind, WorkloadSpec, defaults, kind::Form, marks, quantity};
use crate::canonical;

/// Objects that say something by being empty.
const MEANINGFUL_EMPTY: [&str; 9] = [
    "downwardAPI",
    "emptyDir",
    "image",
    "labelSelector",
    "namespaceSelector",
    "podFailurePolicy",
    "projected",
    "requestRedirect",
    "sleep",
];

/// Objects whose members are all text: an absent text is an empty one.
const TEXTS: [&str; 6] =
    ["annotations", "binaryData", "data", "labels", "matchLabels", "nodeSelector"];

/// The object without what the cluster adds and without the API's defaults.
///
/// What remains is the same for a manifest and for the object that the API
/// server made of it. `replicas`, `suspend` and `paused` go too, and so do the marks of
/// tools: they belong to the place.
#[must_use]
pub fn clean(kind: Kind, mut object: Value) -> Value {
    settle(&mut object);
    let Value::Object(members) = &mut object else { return object };
    members.remove("status");
    members.insert("apiVersion".into(), kind.api_version().into());
    members.insert("kind".into(), kind.name().into());
    let metadata = members.remove("metadata").unwrap_or_default();
    let selector = members.get("spec").and_then(|spec| spec.pointer("/selector/matchLabels"));
    let metadata = clean_metadata(metadata, selector.and_then(Value::as_object));
    members.insert("metadata".into(), metadata);
    if let Some(workload) = kind.workload() {
        clean_workload(workload, &mut object);
    }
    let Form::Reduced(defaults) = &kind.spec().form else { return object };
    if let Value::Object(members) = &mut object {
        (defaults.assigned)(members);
    }
    quantity::normalise(kind, &mut object);
    defaults::strip(kind, defaults, &mut object);
    drop_empty(&mut object);
    object
}

fn clean_metadata(metadata: Value, selector: Option<&Map<String, Value>>) -> Value {
    let Value::Object(mut metadata) = metadata else { return metadata };
    metadata.retain(|key, _| matches!(key.as_str(), "name" | "labels" | "annotations"));
    marks::strip_object(&mut metadata, selector);
    // Marks alone are as good as none, in what is kept as it was written too.
    metadata.retain(|key, member| key == "name" || !is_empty(member));
    Value::Object(metadata)
}

fn clean_workload(workload: &WorkloadSpec, object: &mut Value) {
    let labels = object
        .pointer(workload.template)
        .and_then(|template| template.pointer("/metadata/labels").cloned());
    if let Some(Value::Object(spec)) = object.get_mut("spec") {
        for of_the_place in ["replicas", "suspend", "paused"] {
            spec.remove(of_the_place);
        }
        if workload.selects
            && !spec.contains_key("selector")
            && let Some(labels) = labels
        {
            spec.insert("selector".into(), serde_json::json!({ "matchLabels": labels }));
        }
    }
    for claim in object
        .pointer_mut("/spec/volumeClaimTemplates")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if let Value::Object(claim) = claim {
            claim.remove("status");
        }
    }
    let selector = object.pointer("/spec/selector/matchLabels").cloned();
    if let Some(Value::Object(metadata)) =
        object.pointer_mut(workload.template).and_then(|template| template.get_mut("metadata"))
    {
        marks::strip_template(metadata, selector.as_ref().and_then(Value::as_object));
    }
}

/// Takes nulls out, and makes whole numbers of those that were written as fractions.
fn settle(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            for (name, member) in members {
                match member {
                    Value::Object(texts) if TEXTS.contains(&name.as_str()) => {
                        texts
                            .values_mut()
                            .filter(|text| text.is_null())
                            .for_each(|text| *text = "".into());
                    }
                    member => settle(member),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(settle),
        Value::Number(number) if number.is_f64() => {
            if let Ok(whole) = canonical::text(number).parse::<i64>() {
                *value = whole.into();
            }
        }
        _ => {}
    }
}

fn drop_empty(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(drop_empty);
            members.retain(|key, member| {
                MEANINGFUL_EMPTY.contains(&key.as_str()) || !is_empty(member)
            });
        }
        // An element stays, whatever is left of it: positions are facts that writes rely on.
        Value::Array(elements) => elements.iter_mut().for_each(drop_empty),
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_manifest_and_what_the_server_made_of_it_are_one() {
        let written = json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "tax", "namespace": "shop", "creationTimestamp": null},
            "spec": {
                "replicas": 3,
                "selector": {"matchLabels": {"app": "tax"}},
                "template": {
                    "metadata": {"labels": {"app": "tax"}},
                    "spec": {"containers": [{
                        "name": "tax", "image": "shop/tax:1.4.1",
                        "ports": [{"containerPort": 80}],
                        "resources": {"limits": {"cpu": 0.5, "memory": "1024Mi"}},
                        "livenessProbe": {"httpGet": {"port": 80}},
                    }]},
                },
            },
        });
        let answered = json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {
                "name": "tax", "namespace": "shop", "uid": "1", "resourceVersion": "2", "generation": 1,
                "creationTimestamp": "2026-01-01T00:00:00Z", "managedFields": [],
                "annotations": {"deployment.kubernetes.io/revision": "1"},
            },
            "spec": {
                "replicas": 1, "progressDeadlineSeconds": 600, "revisionHistoryLimit": 10,
                "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
                "selector": {"matchLabels": {"app": "tax"}},
                "template": {
                    "metadata": {"labels": {"app": "tax"}, "creationTimestamp": null},
                    "spec": {
                        "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "securityContext": {},
                        "schedulerName": "default-scheduler", "terminationGracePeriodSeconds": 30,
                        "containers": [{
                            "name": "tax", "image": "shop/tax:1.4.1", "imagePullPolicy": "IfNotPresent",
                            "ports": [{"containerPort": 80, "protocol": "TCP"}],
                            "resources": {"limits": {"cpu": "500m", "memory": "1Gi"}},
                            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                            "livenessProbe": {
                                "httpGet": {"port": 80, "path": "/", "scheme": "HTTP"},
                                "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3,
                            },
                        }],
                    },
                },
            },
            "status": {"replicas": 1},
        });
        assert_eq!(clean(Kind::Deployment, written), clean(Kind::Deployment, answered));
    }

    #[test]
    fn what_a_service_was_assigned_goes_and_headless_stays() {
        let service =
            |spec: Value| clean(Kind::Service, json!({"metadata": {"name": "tax"}, "spec": spec}));
        let assigned = service(json!({
            "clusterIP": "10.0.0.7", "clusterIPs": ["10.0.0.7"], "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack",
            "type": "ClusterIP", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster",
            "ports": [{"port": 80, "targetPort": 80, "protocol": "TCP", "nodePort": 30001}],
        }));
        assert_eq!(assigned["spec"], json!({"ports": [{"port": 80}]}));
        assert_eq!(service(json!({"clusterIP": "None"}))["spec"], json!({"clusterIP": "None"}));
    }

    #[test]
    fn the_version_that_a_rollout_steers_a_service_to_is_the_places() {
        let service = |selector: Value| {
            clean(
                Kind::Service,
                json!({"metadata": {"name": "fee"}, "spec": {"selector": selector}}),
            )
        };
        let steered = json!({"app": "fee", "rollouts-pod-template-hash": "8495578c74"});
        assert_eq!(service(steered), service(json!({"app": "fee"})));
    }

    #[test]
    fn an_absent_text_is_an_empty_one_and_every_other_absence_is_none() {
        let config = clean(
            Kind::ConfigMap,
            json!({"metadata": {"name": "c", "labels": null}, "data": {"empty": null}}),
        );
        assert_eq!(
            (&config["data"], &config["metadata"]),
            (&json!({"empty": ""}), &json!({"name": "c"}))
        );
        let pod = json!({"spec": {"template": {"metadata": {"annotations": {"a": null}}, "spec": {"affinity": null}}}});
        assert_eq!(
            clean(Kind::Deployment, pod)["spec"]["template"],
            json!({"metadata": {"annotations": {"a": ""}}})
        );
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let deployment = |limit: Value| {
            clean(Kind::Deployment, json!({"spec": {"revisionHistoryLimit": limit}}))
        };
        assert_eq!(deployment(json!(10.0)), deployment(json!(null)));
        assert_eq!(deployment(json!(5e0))["spec"], json!({"revisionHistoryLimit": 5}));
    }

    #[test]
    fn marks_of_the_cluster_and_of_deployers_go_and_all_others_stay() {
        let foreign = json!({
            "kubectl.kubernetes.io/last-applied-configuration": "{}", "deployment.kubernetes.io/revision": "3",
            "meta.helm.sh/release-name": "shop", "argocd.argoproj.io/tracking-id": "shop", "note": "kept",
        });
        let template = json!({"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "now", "note": "kept"}}});
        let object = json!({
            "metadata": {"name": "c", "annotations": foreign, "labels": {"kustomize.toolkit.fluxcd.io/name": "shop"}},
            "spec": {"template": template, "selector": {"matchLabels": {"app": "c"}}},
        });
        let cleaned = clean(Kind::Deployment, object);
        assert_eq!(cleaned["metadata"], json!({"name": "c", "annotations": {"note": "kept"}}));
        assert_eq!(
            cleaned["spec"]["template"]["metadata"],
            json!({"annotations": {"note": "kept"}})
        );
    }

    #[test]
    fn before_apps_v1_the_selector_was_the_labels() {
        let template = json!({"metadata": {"labels": {"app": "tax"}}});
        let old = json!({"apiVersion": "extensions/v1beta1", "metadata": {"name": "tax"}, "spec": {"template": template}});
        let mut new = old.clone();
        new["spec"]["selector"] = json!({"matchLabels": {"app": "tax"}});
        new["apiVersion"] = "apps/v1".into();
        assert_eq!(clean(Kind::Deployment, old), clean(Kind::Deployment, new));
    }

    #[test]
    fn an_empty_dir_stays_and_empty_text_of_a_config_map_stays() {
        let config =
            clean(Kind::ConfigMap, json!({"metadata": {"name": "c"}, "data": {"empty": ""}}));
        assert_eq!(config["data"], json!({"empty": ""}));
        let pod = json!({"metadata": {"name": "d"}, "spec": {"template": {"spec": {"volumes": [{"name": "tmp", "emptyDir": {}}]}}}});
        let cleaned = clean(Kind::Deployment, pod);
        assert_eq!(
            cleaned.pointer("/spec/template/spec/volumes/0"),
            Some(&json!({"name": "tmp", "emptyDir": {}}))
        );
    }

    #[test]
    fn line_breaks_in_base64_are_none() {
        let config = |text: &str| {
            clean(Kind::ConfigMap, json!({"metadata": {"name": "c"}, "binaryData": {"key": text}}))
        };
        assert_eq!(config("aGVs\nbG8=\r\n"), config("aGVsbG8="));
    }

    #[test]
    fn a_hold_belongs_to_the_place() {
        let spec =
            |spec: Value| clean(Kind::CronJob, json!({"metadata": {"name": "bill"}, "spec": spec}));
        let held = json!({"schedule": "0 4 * * *", "suspend": true});
        assert_eq!(spec(held), spec(json!({"schedule": "0 4 * * *"})));
        let deployment = |paused: bool| {
            clean(
                Kind::Deployment,
                json!({"metadata": {"name": "tax"}, "spec": {"paused": paused, "minReadySeconds": 3}}),
            )
        };
        assert_eq!(deployment(true), deployment(false));
    }

    #[test]
    fn cleaning_twice_changes_nothing() {
        let object =
            json!({"metadata": {"name": "c", "labels": {}}, "spec": {"a": [{}], "replicas": 2}});
        let once = clean(Kind::Deployment, object);
        assert_eq!(clean(Kind::Deployment, once.clone()), once);
    }
}
