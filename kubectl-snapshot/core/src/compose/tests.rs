//! Candidates made of small shops.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ComposeError, Draft, NewImage, Source};
use crate::{
    assembly::{Assembled, Assembly, CaptureOptions, ConfigScope},
    digest::Digest,
    manifest::{Kind, Manifest, arbitrary},
    snapshot::{Metadata, Snapshot},
};

fn captured(objects: impl IntoIterator<Item = Value>) -> Snapshot {
    let mut assembly = Assembly::new(CaptureOptions {
        variables: BTreeSet::from(["DB_HOST".to_owned()]),
        configs: ConfigScope::All,
        lenient: true,
    });
    for object in objects {
        let kind = object["kind"].as_str().and_then(Kind::named).expect("a kind");
        assembly.add(kind, object).expect("an object");
    }
    let Assembled { spec, variables, .. } = assembly.finish().expect("flags");
    Snapshot { metadata: Metadata { variables, ..Metadata::default() }, spec }
}

fn deployment(service: &str, tag: &str, more: &Value) -> Value {
    let mut object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {
            "name": service,
            "labels": {"app.kubernetes.io/name": service, "app.kubernetes.io/version": tag},
            "annotations": {},
        },
        "spec": {
            "selector": {"matchLabels": {"app": service}},
            "template": {
                "metadata": {"labels": {"app": service, "app.kubernetes.io/version": tag}},
                "spec": {
                    "initContainers": [{"name": "migrate", "image": format!("r.example/shop/{service}:{tag}")}],
                    "containers": [
                        {
                            "name": service, "image": format!("r.example/shop/{service}:{tag}"),
                            "env": [{"name": "DB_HOST", "value": "db"}, {"name": "CALL", "value": "off"}],
                            "envFrom": [{"configMapRef": {"name": format!("{service}-config")}}, {"configMapRef": {"name": "shared"}}],
                        },
                        {"name": "proxy", "image": "envoy:1.30"},
                    ],
                },
            },
        },
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        object["metadata"]["annotations"][key] = value.clone();
    }
    object
}

fn config_map(name: &str, data: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})
}

fn service(name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"selector": {"app": name}, "ports": [{"port": 80}]},
    })
}

fn flagd(tax_call: &str, new_tax: &str) -> Value {
    let flag = |service: &str, default: &str| {
        json!({
            "state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": default,
            "metadata": {"service": service},
        })
    };
    let text =
        json!({"flags": {"tax-call": flag("cart", tax_call), "new-tax": flag("tax", new_tax)}});
    config_map("flags", &json!({"shop.flagd.json": format!("{text:#}")}))
}

fn shop(cart: &str, tax: &str, flags: [&str; 2]) -> Snapshot {
    captured([
        deployment("cart", cart, &json!({"kubectl-snapshot.dev/flags": "CALL=call"})),
        deployment("tax", tax, &json!({"kubectl-snapshot.dev/commit": "3f2a91c"})),
        config_map("cart-config", &json!({"log": cart})),
        config_map("tax-config", &json!({"log": tax})),
        config_map("shared", &json!({"place": "here"})),
        service("cart"),
        service("tax"),
        flagd(flags[0], flags[1]),
    ])
}

fn draft(base: &Snapshot) -> Draft {
    Draft::of("rel-42", base, BTreeSet::new())
}

fn set(draft: &mut Draft, target: &str, tag: &str) {
    for aim in draft.aims(&target.parse().unwrap()).unwrap() {
        let mut reference = aim.image.clone();
        reference.tag = Some(tag.to_owned());
        reference.digest = Some(Digest::of(tag.as_bytes()).to_string());
        draft.set(&aim, &NewImage { reference, commit: None, version: None });
    }
}

#[test]
fn an_image_is_another_everywhere_in_the_set() {
    let base = shop("1.4.0", "1.3.9", ["off", "off"]);
    let mut draft = draft(&base);
    set(&mut draft, "tax", "1.5.0");
    let spec = draft.finish().unwrap().snapshot.spec;
    let tax = &spec.services["tax"]["tax"];
    let digest = Digest::of(b"1.5.0").to_string();
    for name in ["tax", "migrate"] {
        let container = &tax.containers[name];
        assert_eq!(container.tag.as_deref(), Some("1.5.0"));
        assert_eq!(container.version.as_deref(), Some("1.5.0"));
        assert_eq!(container.digest.as_ref(), Some(&digest));
        assert_eq!(container.commit, None, "the annotation spoke of the former image");
    }
    assert_eq!(tax.containers["proxy"], base.spec.services["tax"]["tax"].containers["proxy"]);
    let manifest = spec.objects[&tax.manifest].tree();
    let pod = &manifest["spec"]["template"];
    assert_eq!(pod["spec"]["containers"][0]["image"], "r.example/shop/tax:1.5.0");
    assert_eq!(pod["metadata"]["labels"]["app.kubernetes.io/version"], "1.5.0");
    assert_eq!(manifest["metadata"]["labels"]["app.kubernetes.io/version"], "1.5.0");
    assert!(!spec.objects.contains_key(&base.spec.services["tax"]["tax"].manifest));
    assert_eq!(spec.services["cart"], base.spec.services["cart"]);
    // What a capture of the same manifests has is the very same set.
    let mut objects: Vec<Value> = spec.objects.values().map(Manifest::tree).collect();
    for object in &mut objects {
        if object["metadata"]["name"] == "tax" && object["kind"] == "Deployment" {
            for list in ["initContainers", "containers"] {
                let image = &mut object["spec"]["template"]["spec"][list][0]["image"];
                *image = format!("{}@{digest}", image.as_str().unwrap()).into();
            }
        }
    }
    assert_eq!(captured(objects).spec.digest(), spec.digest());
}

#[test]
fn a_service_is_taken_whole() {
    let (base, other) =
        (shop("1.4.0", "1.3.9", ["off", "off"]), shop("1.4.2", "1.5.0", ["on", "on"]));
    let mut draft = draft(&base);
    draft.take("tax", &Source::of("rel-43", &other)).unwrap();
    let composed = draft.finish().unwrap();
    assert_eq!(composed.warnings, Vec::<String>::new());
    let spec = composed.snapshot.spec;
    assert_eq!(spec.services["tax"], other.spec.services["tax"]);
    assert_eq!(spec.services["cart"], base.spec.services["cart"]);
    assert_eq!(spec.flags["new-tax"].value, json!(true));
    assert_eq!(spec.flags["tax-call"].value, json!(false), "a flag of cart");
    let digest = spec.services["tax"]["tax"].configs["tax-config"];
    assert_eq!(spec.objects[&digest].tree()["data"]["log"], "1.5.0");
}

#[test]
fn what_is_shared_comes_along_and_is_said() {
    let base = shop("1.4.0", "1.3.9", ["off", "off"]);
    let mut other = shop("1.4.0", "1.3.9", ["off", "off"]);
    let objects: Vec<Value> = other
        .spec
        .objects
        .values()
        .map(|one| {
            let mut tree = one.tree();
            if tree["metadata"]["name"] == "shared" {
                tree["data"]["place"] = "there".into();
            }
            tree
        })
        .collect();
    other = captured(objects);
    let mut draft = draft(&base);
    draft.take("tax", &Source::of("rel-43", &other)).unwrap();
    let composed = draft.finish().unwrap();
    assert_eq!(
        composed.warnings,
        ["ConfigMap shared comes from rel-43 with service tax, and cart of rel-42 gets it too"]
    );
    assert_eq!(composed.snapshot.spec.services, other.spec.services);
}

#[test]
fn a_service_leaves_with_what_is_its_alone() {
    let base = shop("1.4.0", "1.3.9", ["off", "off"]);
    let mut draft = draft(&base);
    draft.remove("tax").unwrap();
    let spec = draft.finish().unwrap().snapshot.spec;
    let left: Vec<String> = spec
        .objects
        .values()
        .filter_map(Manifest::identity)
        .map(|(kind, name)| format!("{kind} {name}"))
        .collect();
    for name in [
        "Deployment cart",
        "ConfigMap cart-config",
        "ConfigMap shared",
        "Service cart",
        "ConfigMap flags",
    ] {
        assert!(left.iter().any(|one| one == name), "{name}: {left:?}");
    }
    assert_eq!(left.len(), 5);
}

#[test]
fn flags_are_switched_where_they_are_defined() {
    let base = shop("1.4.0", "1.3.9", ["off", "off"]);
    let mut draft = draft(&base);
    draft.switch("tax-call", "on").unwrap();
    draft.switch("call", "on").unwrap();
    let spec = draft.finish().unwrap().snapshot.spec;
    assert_eq!(spec.flags["tax-call"].value, json!(true));
    assert_eq!(spec.flags["call"].value, json!(true));
    assert_eq!(spec.flags["new-tax"], base.spec.flags["new-tax"]);
    let cart = &spec.services["cart"]["cart"];
    assert_eq!(serde_json::to_value(&cart.containers["cart"].env["CALL"]).unwrap(), "on");
    let mut back = Draft::of("rel-43", &Snapshot { spec, ..base.clone() }, BTreeSet::new());
    back.switch("tax-call", "off").unwrap();
    back.switch("call", "off").unwrap();
    assert_eq!(back.finish().unwrap().snapshot.spec.digest(), base.spec.digest());
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let base = shop("1.4.0", "1.3.9", ["off", "off"]);
    let mut draft = draft(&base);
    assert!(
        matches!(draft.remove("crat"), Err(ComposeError::NoService { known, .. }) if known == ["cart", "tax"])
    );
    let aims = |target: &str| draft.aims(&target.parse().unwrap());
    assert!(
        matches!(aims("cart/x"), Err(ComposeError::NoInstance { known, .. }) if known == ["cart"])
    );
    assert!(
        matches!(aims("cart/cart/x"), Err(ComposeError::NoContainer { known, .. }) if known.len() == 3)
    );
    assert!(
        matches!(draft.switch("tax", "on"), Err(ComposeError::NoFlag { known, .. }) if known[0] == "tax-call")
    );
    let refused = draft.switch("tax-call", "blue").unwrap_err().to_string();
    assert_eq!(refused, "flag tax-call cannot be blue: it serves one of off, on");
}

#[test]
fn what_pods_are_selected_by_stays() {
    let mut tax = deployment("tax", "1.3.9", &json!({}));
    tax["spec"]["selector"]["matchLabels"]["app.kubernetes.io/version"] = "1.3.9".into();
    let mut draft = draft(&captured([tax]));
    set(&mut draft, "tax", "1.5.0");
    let composed = draft.finish().unwrap();
    let said = "label app.kubernetes.io/version says another version than";
    assert!(composed.warnings.iter().any(|warning| warning.contains(said)), "{composed:?}");
    let tax = &composed.snapshot.spec.services["tax"]["tax"];
    assert_eq!(tax.containers["tax"].version.as_deref(), Some("1.5.0"));
}

proptest! {
    #[test]
    fn a_draft_that_is_not_changed_is_its_base(objects in arbitrary::namespace()) {
        let base = captured(objects);
        let composed = draft(&base).finish().unwrap().snapshot;
        prop_assert_eq!(composed.spec.digest(), base.spec.digest());
        prop_assert_eq!(composed.metadata.variables, base.metadata.variables);
    }

    #[test]
    fn all_services_of_another_set_are_its_services(
        objects in arbitrary::namespace(),
        others in arbitrary::namespace(),
    ) {
        let (base, other) = (captured(objects), captured(others));
        let mut draft = draft(&base);
        let services: Vec<String> = base.spec.services.keys().cloned().collect();
        for service in services {
            draft.remove(&service).unwrap();
        }
        let source = Source::of("rel-43", &other);
        for service in other.spec.services.keys() {
            draft.take(service, &source).unwrap();
        }
        let mut composed = draft.finish().unwrap().snapshot.spec.services;
        // What the other set lacks, and a workload of it names, the base may have.
        for (service, instances) in &mut composed {
            for (name, instance) in instances {
                let theirs = &other.spec.services[service][name].configs;
                instance.configs.retain(|name, _| theirs.contains_key(name));
            }
        }
        prop_assert_eq!(composed, other.spec.services);
    }
}
