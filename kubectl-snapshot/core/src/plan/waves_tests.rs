//! Waves: what is needed first, flags after what they need, circles, and other parts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Ordered, Plan, put_in_waves, server::Server};
use crate::{ancestry::Ancestry, assembly::test_support, parts::PartName, snapshot::Spec};

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
    assert_eq!(waves(&off), ["flags 0", "tax 1"]);
    let says = "Deployment tax is written once ConfigMap flags is written";
    assert!(off.notes.iter().any(|note| note == says), "{:?}", off.notes);
}

#[test]
fn whoever_needs_what_goes_down_is_written_first() {
    let set = |cart: [&str; 2], tax: &str| {
        vec![service("cart", cart[0], cart[1]), service("tax", tax, "")]
    };
    let (old, new) = (set(["1.0.0", "tax >=1"], "1.5.0"), set(["2.0.0", "tax >=2"], "2.1.0"));
    assert_eq!(waves(&planned(&old, &new)), ["cart 1", "tax 0"]);
    assert_eq!(waves(&planned(&new, &old)), ["cart 0", "tax 1"]);
    // Neither bears the other's old version.
    let exact = set(["1.0.0", "tax <2"], "1.5.0");
    let plan = planned(&exact, &new);
    assert_eq!(waves(&plan), ["cart 0", "tax 0"]);
    assert!(plan.notes.iter().any(|note| note.contains("in a circle")), "{:?}", plan.notes);
}

#[test]
fn a_part_waits_for_another() {
    let (cart, tax) = (
        |version: &str| set(&[service("cart", version, "tax >=2; bills/rates >=2")]),
        |version: &str| set(&[service("tax", version, ""), service("rates", version, "")]),
    );
    let plan = |running: &Spec, wanted: &Spec| {
        let objects = running.objects.values().map(crate::manifest::Manifest::tree);
        let objects: Vec<Value> = objects.collect();
        Server::running(&objects).plan(wanted, &BTreeMap::new()).expect("a plan")
    };
    let (old, new) = ([cart("1.0.0"), tax("1.0.0")], [cart("2.0.0"), tax("2.0.0")]);
    let mut plans = [plan(&old[0], &new[0]), plan(&old[1], &new[1])];
    let names: Vec<PartName> = ["shop", "bills"].iter().map(|name| name.parse().unwrap()).collect();
    let parts = plans.iter_mut().enumerate().map(|(at, plan)| Ordered {
        part: Some(&names[at]),
        plan,
        set: &new[at],
        live: &old[at],
    });
    put_in_waves(&mut parts.collect::<Vec<_>>(), &Ancestry::default());
    assert_eq!(waves(&plans[0]), ["cart 1"]);
    assert_eq!(waves(&plans[1]), ["rates 0", "tax 0"]);
    let says =
        "Deployment cart is written once Deployment bills/rates and Deployment bills/tax run";
    assert!(plans[0].notes.iter().any(|note| note == says), "{:?}", plans[0].notes);
}
