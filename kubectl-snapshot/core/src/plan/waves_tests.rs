//! Waves: what is needed first, flags after what they need, and circles.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Plan, server::Server};
use crate::{assembly::test_support, snapshot::Spec};

fn set(objects: &[Value]) -> Spec {
    test_support::assemble(test_support::choices(), objects).spec
}

/// A service at a version, with what it requires.
fn service(name: &str, version: &str, requires: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "annotations": {"kubectl-snapshot.dev/requires": requires}},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": name, "image": format!("shop/{name}:{version}")}]},
            },
        },
    })
}

/// A flag in flagd's form that requires a service.
fn flag(variant: &str, requires: &str) -> Value {
    let definition = json!({"flags": {"tax-call": {
        "state": "ENABLED", "defaultVariant": variant,
        "variants": {"on": true, "off": false}, "metadata": {"requires": requires},
    }}});
    json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "flags"},
        "data": {"shop.flagd.json": definition.to_string()},
    })
}

fn planned(live: &[Value], wanted: &[Value]) -> Plan {
    Server::running(live).plan(&set(wanted), &BTreeMap::new()).expect("a plan")
}

/// The wave of each write: `cart 1`.
fn waves(plan: &Plan) -> Vec<String> {
    let wave =
        |step: &super::Step| format!("{} {}", step.name, plan.waves.of(step.kind, &step.name));
    plan.steps.iter().map(wave).collect()
}

fn shop(version: &str, requires: [&str; 3]) -> Vec<Value> {
    let names = ["cart", "tax", "rates"];
    names.iter().zip(requires).map(|(name, needs)| service(name, version, needs)).collect()
}

#[test]
fn what_is_required_is_written_first() {
    let needs = ["tax", "rates", ""];
    let plan = planned(&shop("1.0.0", needs), &shop("2.0.0", needs));
    assert_eq!(waves(&plan), ["cart 2", "rates 0", "tax 1"]);
    assert_eq!(plan.waves.count(), 3);
    let says = "Deployment cart is written once Deployment tax runs";
    assert!(plan.notes.iter().any(|note| note == says), "{:?}", plan.notes);
    // What is not written holds up nothing.
    let mut cart = shop("1.0.0", needs);
    cart[0] = service("cart", "2.0.0", "tax");
    assert_eq!(planned(&shop("1.0.0", needs), &cart).waves.count(), 1);
    let alone = shop("2.0.0", ["", "", ""]);
    let plan = planned(&shop("1.0.0", ["", "", ""]), &alone);
    assert_eq!((plan.waves.count(), plan.notes.len()), (1, 0));
}

#[test]
fn a_circle_is_said_and_written_at_once() {
    let needs = ["tax", "cart", "cart"];
    let plan = planned(&shop("1.0.0", needs), &shop("2.0.0", needs));
    assert_eq!(waves(&plan), ["cart 0", "rates 1", "tax 0"]);
    let says = "Deployment cart and Deployment tax require each other in a circle, and are written at once";
    assert!(plan.notes.iter().any(|note| note == says), "{:?}", plan.notes);
}

#[test]
fn a_flag_is_switched_on_after_what_it_requires_and_off_before() {
    let with =
        |version: &str, variant: &str| vec![service("tax", version, ""), flag(variant, "tax >=2")];
    let on = planned(&with("1.0.0", "off"), &with("2.0.0", "on"));
    assert_eq!(waves(&on), ["flags 1", "tax 0"]);
    let off = planned(&with("2.0.0", "on"), &with("1.0.0", "off"));
    assert_eq!(waves(&off), ["flags 0", "tax 0"], "a ConfigMap goes before the services");
}
