//! Cleaning, held against what an API server answered.
//!
//! `api_defaults.json` has a manifest as an author would write it (`bare`), the same
//! with every default spelled out (`explicit`), and what Kubernetes 1.36 made of
//! the first (`answer`).

use proptest::{collection::vec, prelude::*, sample::select};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Kind, Manifest, arbitrary, clean};
use crate::tree;

#[derive(Deserialize)]
struct Case {
    bare: Value,
    explicit: Value,
    answer: Value,
}

fn cases() -> Vec<(Kind, Case)> {
    let cases: Vec<Case> = serde_json::from_str(include_str!("api_defaults.json")).unwrap();
    cases
        .into_iter()
        .map(|case| (Kind::named(case.bare["kind"].as_str().unwrap()).unwrap(), case))
        .collect()
}

/// Differences between two manifests, for a readable test failure.
fn differences(one: &Value, other: &Value) -> Vec<String> {
    tree::compare(one, other)
        .into_iter()
        .map(|change| format!("{}: {:?} or {:?}", change.path, change.before, change.after))
        .collect()
}

#[test]
fn a_manifest_and_what_a_server_made_of_it_are_one() {
    for (kind, Case { bare, answer, .. }) in cases() {
        let found = differences(&clean(kind, bare), &clean(kind, answer.clone()));
        assert!(found.is_empty(), "{kind} {}: {found:#?}", answer["metadata"]["name"]);
    }
}

#[test]
fn a_manifest_with_every_default_equals_the_one_without() {
    for (kind, Case { bare, explicit, .. }) in cases() {
        let found = differences(&clean(kind, bare), &clean(kind, explicit.clone()));
        assert!(found.is_empty(), "{kind} {}: {found:#?}", explicit["metadata"]["name"]);
    }
}

#[test]
fn what_the_author_says_stays() {
    let mut lost = Vec::new();
    for (kind, Case { bare, .. }) in cases() {
        let found = tree::compare(&bare, &clean(kind, bare.clone()));
        lost.extend(found.into_iter().map(|change| format!("{kind} {}", change.path)));
    }
    assert_eq!(
        lost,
        [
            "Deployment spec.template.spec.containers[tax].lifecycle.preStop.sleep.seconds",
            "Deployment spec.template.spec.volumes[tmp].emptyDir"
        ]
    );
}

/// Trees of the members that cleaning looks at, in no order that a schema knows.
fn any_tree() -> impl Strategy<Value = Value> {
    let names = vec![
        "spec",
        "template",
        "jobTemplate",
        "containers",
        "env",
        "value",
        "name",
        "resources",
        "limits",
        "cpu",
        "volumes",
        "emptyDir",
        "image",
        "ports",
        "labels",
        "annotations",
        "data",
        "selector",
        "serviceAccount",
        "serviceAccountName",
        "hostNetwork",
        "hostPort",
        "containerPort",
        "strategy",
        "type",
        "clusterIP",
        "ipFamilyPolicy",
        "sleep",
    ];
    let leaf = select(vec![
        json!(null),
        json!(""),
        json!(0),
        json!(1),
        json!(1.0),
        json!(0.5),
        json!(false),
        json!(true),
        json!("1024Mi"),
        json!("None"),
        json!("default"),
        json!("RollingUpdate"),
        json!("RequireDualStack"),
    ]);
    leaf.prop_recursive(6, 48, 5, move |inner| {
        let members = vec((select(names.clone()), inner.clone()), 0..5);
        prop_oneof![
            1 => vec(inner, 0..3).prop_map(Value::from),
            3 => members.prop_map(|members| {
                members.into_iter().map(|(name, member)| (name.to_owned(), member)).collect::<Map<_, _>>().into()
            }),
        ]
    })
}

fn again(kind: Kind, once: &Value) -> Value {
    clean(kind, Manifest::new(once).tree())
}

proptest! {
    #[test]
    fn cleaning_twice_changes_nothing(kind in select(Kind::ALL.as_slice()), spec in any_tree(), pod in any_tree()) {
        let mut object = json!({"metadata": {"name": "tax", "labels": {}, "uid": "0"}, "spec": spec});
        if let Some(path) = kind.template_path() {
            object["spec"] = json!({"template": {"spec": pod.clone()}, "replicas": 2});
            if path.contains("jobTemplate") {
                object["spec"] = json!({"jobTemplate": {"spec": {"template": {"spec": pod}}}, "status": null});
            }
        }
        let once = clean(kind, object);
        prop_assert_eq!(again(kind, &once), Manifest::new(&once).tree());
    }

    #[test]
    fn cleaning_a_manifest_twice_changes_nothing(objects in arbitrary::namespace()) {
        for object in objects {
            let kind = Kind::named(object["kind"].as_str().unwrap()).unwrap();
            let once = clean(kind, object);
            prop_assert_eq!(again(kind, &once), once);
        }
    }
}
