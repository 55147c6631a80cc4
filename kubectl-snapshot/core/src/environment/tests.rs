//! The environment of the shop's cart, from every source.

use serde_json::{Value, json};

use super::*;
use crate::{assembly::test_support, snapshot::Spec};

fn set(container: &Value) -> Spec {
    let mut cart = test_support::cart("shop/cart:2.0.0");
    for (member, value) in container.as_object().unwrap() {
        cart["spec"]["template"]["spec"]["containers"][0][member] = value.clone();
    }
    let mut debug = test_support::config_map("debug", "debug");
    debug["data"]["PORT"] = "80".into();
    let config = test_support::config_map("shop-config", "info");
    test_support::assemble(test_support::choices(), [&cart, &debug, &config]).spec
}

fn environment(container: &Value, place: Option<&PlaceValues>) -> ContainerEnvironment {
    let set = set(container);
    let cart = set.instances().next().unwrap();
    Resolver::new(&set, place).of(cart).remove("cart").unwrap()
}

fn value<'a>(environment: &'a ContainerEnvironment, name: &str) -> Result<&'a str, &'a str> {
    let value = environment.entries[name].value.as_ref();
    value.map(String::as_str).map_err(String::as_str)
}

fn chosen(value: &str) -> PlaceValues {
    let chosen = [("DB_HOST".to_owned(), value.to_owned())].into();
    PlaceValues { chosen, ..PlaceValues::default() }
}

#[test]
fn each_value_has_its_source() {
    let env = json!([
        {"name": "DB_HOST", "value": "db.dev"},
        {"name": "LOG_LEVEL", "valueFrom": {"configMapKeyRef": {"name": "shop-config", "key": "log"}}},
        {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
        {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
        {"name": "GONE", "valueFrom": {"configMapKeyRef": {"name": "shop-config", "key": "x", "optional": true}}},
        {"name": "LOST", "valueFrom": {"configMapKeyRef": {"name": "other", "key": "x"}}},
        {"name": "DB", "value": "postgres://$(DB_HOST):$(PORT)"},
        {"name": "LOGIN", "value": "cart:$(PASSWORD)"},
        {"name": "EMPTY"},
    ]);
    let place = chosen("db.prod");
    let found = environment(&json!({"env": env}), Some(&place));
    assert_eq!(value(&found, "DB_HOST"), Ok("db.prod"));
    assert_eq!(found.entries["DB_HOST"].source, Source::Variable("DB_HOST".to_owned()));
    assert_eq!(value(&found, "LOG_LEVEL"), Ok("info"));
    assert_eq!(
        found.entries["LOG_LEVEL"].source,
        Source::ConfigMap("shop-config".to_owned(), "log".to_owned())
    );
    assert_eq!(value(&found, "PASSWORD"), Err("it is a secret"));
    assert_eq!(value(&found, "NODE"), Err("the cluster gives it to each pod"));
    assert_eq!(found.entries.get("GONE"), None);
    assert_eq!(value(&found, "LOST"), Err("the set has no ConfigMap other"));
    assert_eq!(value(&found, "DB"), Ok("postgres://db.prod:$(PORT)"));
    assert_eq!(value(&found, "LOGIN"), Err("it refers to PASSWORD, whose value is not known"));
    assert_eq!(value(&found, "EMPTY"), Ok(""));
    assert!(found.hidden.is_empty());
}

#[test]
fn whole_config_maps_and_secrets_are_sources_too() {
    let from = json!([
        {"prefix": "A_", "configMapRef": {"name": "shop-config"}},
        {"configMapRef": {"name": "debug"}},
        {"prefix": "P", "secretRef": {"name": "payment"}},
        {"configMapRef": {"name": "absent", "optional": true}, "prefix": "X_"},
    ]);
    let env = json!([{"name": "log", "value": "warn"}, {"name": "URL", "value": "$(PAY)/$(HOST)"}]);
    let found = environment(&json!({"envFrom": from, "env": env}), None);
    assert_eq!(value(&found, "A_log"), Ok("info"));
    assert_eq!(value(&found, "log"), Ok("warn"), "what the manifest spells out goes before");
    let covered = "Secret payment, which comes after it, may have it as well";
    assert_eq!(value(&found, "PORT"), Err(covered));
    assert_eq!(value(&found, "URL"), Err("it refers to PAY, which nobody knows"));
    let hidden: Vec<&str> = found.hidden.iter().map(|one| one.object.as_str()).collect();
    assert_eq!(hidden, ["Secret payment", "ConfigMap absent"]);
}

#[test]
fn a_variable_has_the_value_of_its_place() {
    let env = json!({"env": [{"name": "DB_HOST", "value": "db.dev"}]});
    let unknown = "the place is not known that the variable belongs to";
    assert_eq!(value(&environment(&env, None), "DB_HOST"), Err(unknown));
    let nowhere = PlaceValues::default();
    assert_eq!(
        value(&environment(&env, Some(&nowhere)), "DB_HOST"),
        Err("the variable has no value there")
    );
    let live = {
        let cart = test_support::deployment(
            "cart",
            "shop/cart:1.0.0",
            &json!([{"name": "DB_HOST", "value": "db.here"}, {"name": "OTHER", "value": "x"}]),
        );
        test_support::assemble(crate::assembly::CaptureOptions::default(), [&cart]).spec
    };
    let here = values_here(&live, &["DB_HOST".to_owned()].into());
    assert_eq!(here.values().map(BTreeMap::len).sum::<usize>(), 1);
    let place = PlaceValues { here, ..PlaceValues::default() };
    assert_eq!(value(&environment(&env, Some(&place)), "DB_HOST"), Ok("db.here"));
    let both = PlaceValues { here: place.here, ..chosen("db.prod") };
    assert_eq!(value(&environment(&env, Some(&both)), "DB_HOST"), Ok("db.prod"));
}
