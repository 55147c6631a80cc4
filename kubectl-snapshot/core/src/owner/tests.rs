//! Tests of writes in owners' names, and of notes on owners.

use serde_json::{Value, json};

use super::{
    Deployer, DeployerMarks, Hindrance, Owned, Owner, Way, in_owners_name, is_as_planned, notes,
};
use crate::{
    manifest::Kind,
    tree::{FieldChange, Operation},
};

/// A Deployment as Helm 4 has applied it, with what the server adds.
fn tax() -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {
            "name": "tax", "namespace": "prod", "uid": "1", "resourceVersion": "7", "generation": 1,
            "labels": {"app": "tax"},
            "annotations": {
                "deployment.kubernetes.io/revision": "1", "meta.helm.sh/release-name": "shop",
            },
            "managedFields": [
                {
                    "manager": "helm", "operation": "Apply", "apiVersion": "apps/v1",
                    "fieldsV1": {
                        "f:metadata": {
                            "f:annotations": {"f:meta.helm.sh/release-name": {}},
                            "f:labels": {"f:app": {}},
                        },
                        "f:spec": {
                            "f:selector": {},
                            "f:template": {
                                "f:metadata": {"f:labels": {"f:app": {}}},
                                "f:spec": {"f:containers": {r#"k:{"name":"tax"}"#: {
                                    ".": {}, "f:name": {}, "f:image": {}, "f:args": {},
                                    "f:env": {
                                        r#"k:{"name":"CURRENCY"}"#: {
                                            ".": {}, "f:name": {},
                                            "f:valueFrom": {"f:configMapKeyRef": {}},
                                        },
                                        r#"k:{"name":"LOG_LEVEL"}"#: {
                                            ".": {}, "f:name": {}, "f:value": {},
                                        },
                                    },
                                    "f:ports": {r#"k:{"containerPort":80,"protocol":"TCP"}"#: {
                                        ".": {}, "f:containerPort": {},
                                    }},
                                }}},
                            },
                        },
                    },
                },
                {
                    "manager": "kube-controller-manager", "operation": "Update", "apiVersion": "apps/v1",
                    "fieldsV1": {"f:spec": {"f:replicas": {}}, "f:status": {"f:replicas": {}}},
                    "subresource": "scale",
                },
            ],
        },
        "spec": {
            "replicas": 4, "progressDeadlineSeconds": 600,
            "selector": {"matchLabels": {"app": "tax"}},
            "template": {
                "metadata": {"labels": {"app": "tax"}},
                "spec": {"dnsPolicy": "ClusterFirst", "containers": [{
                    "name": "tax", "image": "shop/tax:1.3.9", "args": ["a", "b"],
                    "imagePullPolicy": "IfNotPresent",
                    "env": [
                        {"name": "CURRENCY", "valueFrom": {"configMapKeyRef": {"name": "shop", "key": "currency"}}},
                        {"name": "LOG_LEVEL", "value": "info"},
                    ],
                    "ports": [{"containerPort": 80, "protocol": "TCP"}],
                }]},
            },
        },
        "status": {"replicas": 4},
    })
}

const CONTAINER: &str = "/spec/template/spec/containers/0";

fn replace(path: &str, value: impl Into<Value>) -> Operation {
    Operation::Replace { path: format!("{CONTAINER}/{path}"), value: value.into() }
}

fn add(path: &str, value: impl Into<Value>) -> Operation {
    Operation::Add { path: format!("{CONTAINER}/{path}"), value: value.into() }
}

fn remove(path: &str) -> Operation {
    Operation::Remove { path: format!("{CONTAINER}/{path}") }
}

/// The body, which must be one in Helm's name.
#[track_caller]
fn body(live: &Value, operations: &[Operation]) -> Value {
    let write = in_owners_name(Kind::Deployment, live, operations);
    let write = write.expect("nothing is in the way").expect("Helm applies it");
    assert_eq!(write.manager, "helm");
    write.body
}

#[test]
fn the_owner_gets_all_that_it_has_with_the_new_values() {
    let operations = [
        Operation::Test { path: "/metadata/generation".into(), value: 1.into() },
        replace("image", "shop/tax:1.4.1"),
        remove("env/1/value"),
        add("env/1/valueFrom", json!({"configMapKeyRef": {"name": "shop", "key": "level"}})),
        add("env/2", json!({"name": "NEW", "value": "1"})),
        add("resources", json!({"limits": {"cpu": "1"}})),
    ];
    let expected = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {
            "name": "tax", "namespace": "prod", "resourceVersion": "7",
            "labels": {"app": "tax"}, "annotations": {"meta.helm.sh/release-name": "shop"},
        },
        "spec": {
            "selector": {"matchLabels": {"app": "tax"}},
            "template": {
                "metadata": {"labels": {"app": "tax"}},
                "spec": {"containers": [{
                    "name": "tax", "image": "shop/tax:1.4.1", "args": ["a", "b"],
                    "resources": {"limits": {"cpu": "1"}},
                    "env": [
                        {"name": "CURRENCY", "valueFrom": {"configMapKeyRef": {"name": "shop", "key": "currency"}}},
                        {"name": "LOG_LEVEL", "valueFrom": {"configMapKeyRef": {"name": "shop", "key": "level"}}},
                        {"name": "NEW", "value": "1"},
                    ],
                    "ports": [{"containerPort": 80, "protocol": "TCP"}],
                }]},
            },
        },
    });
    assert_eq!(body(&tax(), &operations), expected);
}

#[test]
fn replicas_come_along_only_where_the_owner_has_them() {
    let mut live = tax();
    let operations = [replace("image", "shop/tax:1.4.1")];
    assert_eq!(body(&live, &operations)["spec"]["replicas"], Value::Null);
    live["metadata"]["managedFields"][0]["fieldsV1"]["f:spec"]["f:replicas"] = json!({});
    assert_eq!(body(&live, &operations)["spec"]["replicas"], 4);
}

#[test]
fn what_somebody_has_changed_by_hand_is_the_owners_again() {
    let mut live = tax();
    let entries = &mut live["metadata"]["managedFields"];
    let containers = "/0/fieldsV1/f:spec/f:template/f:spec/f:containers";
    let container = &mut entries.pointer_mut(containers).unwrap()[r#"k:{"name":"tax"}"#];
    container.as_object_mut().unwrap().remove("f:image");
    let by_hand = json!({"f:spec": {"f:template": {"f:spec": {"f:containers": {
        r#"k:{"name":"tax"}"#: {"f:image": {}},
    }}}}});
    entries.as_array_mut().unwrap().push(json!({
        "manager": "kubectl-set", "operation": "Update", "apiVersion": "apps/v1", "fieldsV1": by_hand,
    }));
    let written = body(&live, &[replace("image", "shop/tax:1.4.1")]);
    assert_eq!(written.pointer(&format!("{CONTAINER}/image")), Some(&"shop/tax:1.4.1".into()));
    // Of what is not changed, Helm gets no more than it has.
    let written = body(&live, &[replace("args", json!(["c"]))]);
    assert_eq!(written.pointer(&format!("{CONTAINER}/image")), None);
    assert_eq!(written.pointer(&format!("{CONTAINER}/args")), Some(&json!(["c"])));
}

#[test]
fn what_cannot_be_applied_is_said() {
    let why = |live: &Value, operation| {
        in_owners_name(Kind::Deployment, live, &[operation]).expect_err("it cannot be").to_string()
    };
    let mut twice = tax();
    let env = twice.pointer_mut(&format!("{CONTAINER}/env")).unwrap().as_array_mut().unwrap();
    env.push(json!({"name": "LOG_LEVEL", "value": "debug"}));
    assert_eq!(why(&twice, replace("image", "x")), "it has LOG_LEVEL twice in one list");

    let mut others = tax();
    let mut entry = others["metadata"]["managedFields"][0].clone();
    entry["manager"] = "scaler".into();
    entry["fieldsV1"] = json!({"f:spec": {"f:template": {"f:spec": {"f:containers": {
        r#"k:{"name":"tax"}"#: {"f:image": {}},
    }}}}});
    others["metadata"]["managedFields"].as_array_mut().unwrap().push(entry);
    let both = why(&others, replace("image", "x"));
    assert_eq!(both, "scaler owns spec.template.spec.containers.0.image too");

    let defaulted = remove("imagePullPolicy");
    let not_its_own = "its owner has not applied spec.template.spec.containers.0.imagePullPolicy";
    assert_eq!(why(&tax(), defaulted), not_its_own);

    let mut version = tax();
    version["metadata"]["managedFields"][0]["apiVersion"] = "apps/v1beta2".into();
    assert_eq!(why(&version, replace("image", "x")), "its owner applies it as apps/v1beta2");
}

#[test]
fn who_has_no_say_about_a_field_does_not_get_it() {
    let mut live = tax();
    let entries = live["metadata"]["managedFields"].as_array_mut().unwrap();
    entries[0]["fieldsV1"] = json!({"f:metadata": {"f:annotations": {"f:vault": {}}}});
    let written = in_owners_name(Kind::Deployment, &live, &[replace("image", "x")]);
    assert_eq!(written, Ok(None));
    live["metadata"]["managedFields"] = json!([]);
    assert_eq!(in_owners_name(Kind::Deployment, &live, &[replace("image", "x")]), Ok(None));
}

#[test]
fn a_config_map_s_entries_are_each_owned_by_themselves() {
    let live = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "shop", "namespace": "prod", "resourceVersion": "3", "managedFields": [
            {"manager": "kubectl", "operation": "Apply", "apiVersion": "v1", "fieldsV1": {"f:data": {"f:a": {}}}},
            {"manager": "job", "operation": "Update", "apiVersion": "v1", "fieldsV1": {"f:data": {"f:b": {}}}},
        ]},
        "data": {"a": "1", "b": "2"},
    });
    let operations = [
        Operation::Replace { path: "/data/a".into(), value: "3".into() },
        Operation::Add { path: "/data/c".into(), value: "4".into() },
    ];
    let written = in_owners_name(Kind::ConfigMap, &live, &operations).unwrap().unwrap();
    assert_eq!(written.body["data"], json!({"a": "3", "c": "4"}));
    let of_another = Operation::Remove { path: "/data/b".into() };
    assert!(matches!(
        in_owners_name(Kind::ConfigMap, &live, &[of_another]),
        Err(Hindrance::Others { .. })
    ));
}

#[test]
fn only_what_the_plan_changes_makes_it_outdated() {
    let operations = [replace("image", "shop/tax:1.4.1"), add("env/2", json!({"name": "NEW"}))];
    let mut live = tax();
    live["spec"]["replicas"] = 9.into();
    live["metadata"]["generation"] = 2.into();
    assert!(is_as_planned(&tax(), &live, &operations));
    let mut image = tax();
    *image.pointer_mut(&format!("{CONTAINER}/image")).unwrap() = "shop/tax:1.3.8".into();
    assert!(!is_as_planned(&tax(), &image, &operations));
    let mut env = tax();
    *env.pointer_mut(&format!("{CONTAINER}/env/1/value")).unwrap() = "debug".into();
    assert!(!is_as_planned(&tax(), &env, &operations));
    let mut other = tax();
    *other.pointer_mut(&format!("{CONTAINER}/name")).unwrap() = "proxy".into();
    assert!(!is_as_planned(&tax(), &other, &operations));
}

fn owner(metadata: &Value) -> Option<(Deployer, String)> {
    let object = json!({"metadata": metadata});
    Owner::of(&DeployerMarks::of(&object)).map(|owner| (owner.deployer, owner.name))
}

#[test]
fn each_deployer_is_known_by_what_it_leaves() {
    let applied =
        |manager: &str| json!([{"manager": manager, "operation": "Apply", "fieldsV1": {}}]);
    let release = json!({"meta.helm.sh/release-name": "shop"});
    let of = |deployer, name: &str| Some((deployer, name.to_owned()));
    assert_eq!(owner(&json!({"annotations": {"team": "shop"}})), None);
    assert_eq!(owner(&json!({"annotations": release})), of(Deployer::HelmClientSide, "shop"));
    assert_eq!(
        owner(&json!({"annotations": release, "managedFields": applied("helm")})),
        of(Deployer::HelmServerSide, "shop")
    );
    assert_eq!(
        owner(
            &json!({"annotations": {"argocd.argoproj.io/tracking-id": "web:apps/Deployment:prod/tax", "meta.helm.sh/release-name": "shop"}})
        ),
        of(Deployer::ArgoCd, "web")
    );
    assert_eq!(
        owner(
            &json!({"labels": {"kustomize.toolkit.fluxcd.io/name": "web", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}, "managedFields": applied("kustomize-controller")})
        ),
        of(Deployer::FluxKustomization, "flux-system/web")
    );
    assert_eq!(
        owner(&json!({"labels": {"helm.toolkit.fluxcd.io/name": "web"}, "annotations": release})),
        of(Deployer::FluxHelmRelease, "web")
    );
    assert_eq!(
        owner(&json!({"annotations": {"kapp.k14s.io/identity": "x"}})),
        of(Deployer::Tool("kapp"), "kapp")
    );
    assert_eq!(
        owner(&json!({"managedFields": applied("kubectl")})),
        of(Deployer::KubectlServerSide, "")
    );
    assert_eq!(owner(&json!({"managedFields": applied("robot")})), of(Deployer::Applier, "robot"));
    assert_eq!(
        owner(&json!({"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"}})),
        of(Deployer::KubectlClientSide, "")
    );
    assert_eq!(
        owner(
            &json!({"ownerReferences": [{"kind": "Shop", "name": "web", "controller": true}], "annotations": release})
        ),
        of(Deployer::Controller, "Shop web")
    );
    // Argo CD that tracks by a label alone, and applies as kubectl does.
    let by_label = json!({
        "labels": {"app.kubernetes.io/instance": "web"},
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"},
        "managedFields": [{"manager": "argocd-controller", "operation": "Update", "fieldsV1": {}}],
    });
    assert_eq!(owner(&by_label), of(Deployer::ArgoCd, "web"));
    // The managers of the status alone are no owners.
    let status = json!([{"manager": "robot", "operation": "Apply", "subresource": "status", "fieldsV1": {}}]);
    assert_eq!(owner(&json!({"managedFields": status})), None);
}

fn change(path: &str, before: Option<&str>, after: Option<&str>) -> FieldChange {
    FieldChange {
        path: format!("spec.template.spec.containers[tax].{path}"),
        before: before.map(Value::from),
        after: after.map(Value::from),
    }
}

#[test]
fn one_release_is_one_note_however_many_objects_it_has() {
    let fields = [change("image", Some("tax:1.3.9"), Some("tax:1.4.1"))];
    let names: Vec<String> = (0..500).map(|at| format!("tax-{at}")).collect();
    let owned = names.iter().map(|name| Owned {
        owner: Owner { deployer: Deployer::HelmServerSide, name: "shop".into() },
        kind: Kind::Deployment,
        name,
        fields: &fields,
        way: Way::InItsName,
    });
    let notes = notes(owned);
    let [note] = &notes[..] else { panic!("{notes:?}") };
    assert_eq!((note.owner.as_str(), note.objects.len()), ("Helm release shop", 500));
    assert_eq!(note.next.len(), 1);
    assert_eq!(note.keep[0], "Deployment/tax-0 containers[tax].image: tax:1.4.1");
}

#[test]
fn who_merges_is_told_what_comes_back_and_what_stays() {
    let fields = [
        change("image", Some("tax:1.3.9"), Some("tax:1.4.1")),
        change("env[LOG_LEVEL].value", Some("info"), None),
        change("env[LOG_LEVEL].valueFrom", None, Some("…")),
        change("env[NEW]", None, Some("…")),
    ];
    let owned = Owned {
        owner: Owner { deployer: Deployer::KubectlClientSide, name: String::new() },
        kind: Kind::Deployment,
        name: "tax",
        fields: &fields,
        way: Way::Patched,
    };
    let notes = notes([owned]);
    assert_eq!(
        notes[0].next,
        [
            "the next one of the old manifests takes back what is changed and removed, and leaves what is added",
            "so it takes back image of Deployment tax, and leaves env[NEW] of Deployment tax",
            "the API server refuses its next write, until that takes these from where the set does: env[LOG_LEVEL] of Deployment tax",
        ]
    );
}

#[test]
fn what_is_not_written_in_its_name_is_named_with_the_reason() {
    let fields = [change("image", Some("tax:1.3.9"), Some("tax:1.4.1"))];
    let owned = |name, way| Owned {
        owner: Owner { deployer: Deployer::KubectlServerSide, name: String::new() },
        kind: Kind::Deployment,
        name,
        fields: &fields,
        way,
    };
    let twice = Way::Hindered(Hindrance::Twice { element: "A".into() });
    let notes = notes([owned("cart", Way::InItsName), owned("tax", twice)]);
    assert_eq!(notes.len(), 1);
    assert_eq!(
        notes[0].next[2],
        "not written in its name are Deployment tax: it has A twice in one list"
    );
}
