//! Exports of small sets, in each form.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::{
    assembly::{CaptureOptions, test_support},
    manifest::PlaceMarks,
    snapshot::Spec,
};

/// A cart that runs twice at two versions of one image, a tax, and a ConfigMap.
fn set() -> Spec {
    let env = json!([
        {"name": "DB_HOST", "value": "db.dev"},
        {"name": "MODE", "value": "slow"},
        {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "cart"}}},
    ]);
    let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop"}, "data": {"currency": "EUR"}});
    let objects = [
        test_support::deployment("cart", "shop/cart:2.0.0", &env),
        test_support::deployment("cart-canary", "shop/cart:2.1.0", &json!([])),
        test_support::deployment("tax", "shop/tax:1.4.1", &json!([])),
        config,
    ];
    let variables = ["DB_HOST".to_owned()].into();
    let options = CaptureOptions { variables, ..CaptureOptions::default() };
    test_support::assemble(options, &objects).spec
}

fn chosen() -> BTreeMap<String, String> {
    [("DB_HOST".to_owned(), "db.prod".to_owned())].into()
}

fn mapping(value: Value) -> Mapping {
    serde_json::from_value(value).unwrap()
}

#[test]
fn an_image_of_two_versions_is_in_patches() {
    let component = component(&set(), &BTreeMap::new(), Pin::Auto);
    assert_eq!(component.images, [json!({"name": "shop/tax", "newTag": "1.4.1"})]);
    let named = |name: &str| {
        component.patches.iter().find(|one| one["metadata"]["name"] == name).cloned().unwrap()
    };
    let container = |name: &str| named(name)["spec"]["template"]["spec"]["containers"][0].clone();
    assert_eq!(container("cart-canary")["image"], "shop/cart:2.1.0");
    // A variable without a value stays as it is there, so that the others are merged.
    let cart = container("cart");
    assert_eq!(cart["image"], "shop/cart:2.0.0");
    assert_eq!(cart["env"][0], json!({"name": "DB_HOST"}));
    assert_eq!(cart["env"][1], json!({"name": "MODE", "value": "slow"}));
    assert_eq!(cart["env"].as_array().unwrap().len(), 3);
    assert_eq!(named("shop")["data"]["currency"], "EUR");
    assert_eq!(component.left_open.into_iter().collect::<Vec<_>>(), ["DB_HOST"]);
}

#[test]
fn where_every_value_is_known_the_list_is_the_sets() {
    let component = component(&set(), &chosen(), Pin::Auto);
    let cart = component.patches.iter().find(|one| one["metadata"]["name"] == "cart").unwrap();
    let env = &cart["spec"]["template"]["spec"]["containers"][0]["env"];
    assert_eq!(env[0], json!({"$patch": "replace"}));
    assert_eq!(env[1], json!({"name": "DB_HOST", "value": "db.prod"}));
    assert!(component.left_open.is_empty());
}

#[test]
fn values_stand_where_the_mapping_says() {
    let mapping = mapping(json!({
        "containers": {
            "tax/tax": {"repository": "tax.image.repository", "tag": "tax.image.tag"},
            "cart/cart/cart": {"image": "cart.image", "env": {"DB_HOST": "cart.db", "MODE": "mode"}},
        },
        "configMaps": {"shop": {"currency": "currency"}},
    }));
    let values = values(&set(), &mapping, &chosen(), Pin::Auto).unwrap();
    assert_eq!(
        values.values,
        json!({
            "tax": {"image": {"repository": "shop/tax", "tag": "1.4.1"}},
            "cart": {"image": "shop/cart:2.0.0", "db": "db.prod"}, "mode": "slow",
            "currency": "EUR",
        })
    );
    assert_eq!(values.unmapped.into_iter().collect::<Vec<_>>(), ["cart-canary/cart-canary"]);
}

#[test]
fn a_mapping_that_does_not_fit_is_refused() {
    let refused = |value: Value| {
        values(&set(), &mapping(value), &BTreeMap::new(), Pin::Auto).unwrap_err().to_string()
    };
    let of = |name: &str, paths: Value| json!({"containers": {name: paths}});
    let unknown = refused(of("pay/pay", json!({"tag": "a"})));
    assert_eq!(
        unknown,
        "the mapping names pay/pay, and the set has cart-canary/cart-canary, cart/cart, tax/tax"
    );
    let digest = refused(of("tax/tax", json!({"digest": "a"})));
    assert_eq!(digest, "the mapping wants digest of tax/tax, which the set does not have");
    let variable = refused(of("cart/cart", json!({"env": {"DB_HOST": "a"}})));
    assert_eq!(variable, "the mapping wants DB_HOST of cart/cart, which the set does not have");
    for paths in [
        json!({"tag": "a", "repository": "a.b"}),
        json!({"tag": "a", "image": "a"}),
        json!({"tag": "a."}),
    ] {
        assert!(refused(of("tax/tax", paths)).starts_with("the value a"));
    }
    let key = refused(json!({"configMaps": {"shop": {"none": "a"}}}));
    assert_eq!(key, "the mapping wants none of ConfigMap shop, which the set does not have");
    assert!(serde_json::from_value::<Mapping>(json!({"tags": {}})).is_err());
}

#[test]
fn manifests_have_the_values_of_the_place() {
    let set = set();
    let marks = PlaceMarks::default();
    let (manifests, _) = manifests(&set, &chosen(), Pin::Auto, &marks).unwrap();
    assert_eq!(manifests.len(), 4);
    assert_eq!(manifests[0]["kind"], "ConfigMap");
    let env = &manifests[1]["spec"]["template"]["spec"]["containers"][0]["env"];
    assert_eq!(env[0]["value"], "db.prod");
    super::manifests(&set, &BTreeMap::new(), Pin::Auto, &marks).unwrap_err();
}
