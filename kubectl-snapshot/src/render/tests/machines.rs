//! Formats for machines.

use serde_json::Value;

use super::{assert_text, machine, story};

#[test]
fn a_document_says_what_it_is() {
    let json: Value = serde_json::from_str(&machine("json", &story::from_42_to_43())).unwrap();
    assert_eq!(
        (&json["apiVersion"], &json["kind"]),
        (&"kubectl-snapshot.dev/v1alpha1".into(), &"Diff".into())
    );
    assert_eq!(json["summary"]["images"], 2);
    assert_eq!(json["instances"][0]["images"][0]["order"], "newer");
}

#[test]
fn json_and_yaml_hold_the_same() {
    let diff = story::from_42_to_43();
    let json: Value = serde_json::from_str(&machine("json", &diff)).unwrap();
    let yaml: Value = serde_saphyr::from_str(&machine("yaml", &diff)).unwrap();
    assert_eq!(json, yaml);
}

#[test]
fn names_are_those_that_kubectl_takes() {
    assert_text(
        &machine("name", &story::from_42_to_43()),
        "
deployment.apps/cart
deployment.apps/legacy
deployment.apps/search
deployment.apps/tax
configmap/app-config
configmap/tax-config
flag/layout
flag/new-pricing
flag/tax-call
",
    );
}

#[test]
fn templates_reach_every_part() {
    let diff = story::from_42_to_43();
    let template = r#"jsonpath={range .instances[?(@.change=="changed")]}{.service}: {.images[*].after.tag}{"\n"}{end}"#;
    assert!(machine(template, &diff).starts_with("cart: 1.9.0\nsearch: main-c3d4"));
}
