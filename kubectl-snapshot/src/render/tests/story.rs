//! A shop: `cart` gains a call to the new `tax` service, behind a flag.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use snapshot_core::{
    assembly::{Assembly, CaptureOptions},
    diff::{self, Diff},
    flag::Flag,
    manifest::Kind,
    requirement::parse_list,
    snapshot::Snapshot,
};

/// A Deployment of one container.
pub(super) fn deployment(name: &str, image: &str, env: &Value) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": name, "image": image, "env": env}]},
            },
        },
    })
}

pub(super) fn config_map(name: &str, data: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})
}

/// A set of objects, with metadata.
pub(super) fn snapshot(name: &str, objects: Vec<Value>) -> Snapshot {
    let choices =
        CaptureOptions { variables: ["DB_HOST".to_owned()].into(), ..CaptureOptions::default() };
    let mut assembly = Assembly::new(choices);
    for object in objects {
        let kind = Kind::named(object["kind"].as_str().unwrap()).unwrap();
        assembly.add(kind, object).unwrap();
    }
    let assembled = assembly.finish().unwrap();
    let mut snapshot = Snapshot { spec: assembled.spec, ..Snapshot::default() };
    snapshot.metadata.name = Some(name.to_owned());
    snapshot.metadata.variables = assembled.variables;
    snapshot.metadata.created = Some("2026-11-20T09:30:00Z".to_owned());
    snapshot.metadata.author = Some("dev@shop.example".to_owned());
    snapshot.metadata.source = Some("live:kind-dev/shop".to_owned());
    snapshot
}

pub(super) fn flag(value: Value, requires: &str) -> Flag {
    Flag {
        enabled: true,
        value,
        source: "flagd:flags/tax-call".to_owned(),
        requires: parse_list(requires).unwrap(),
        ..Flag::default()
    }
}

fn commit(letter: &str) -> String {
    letter.repeat(40)
}

const NGINX: &str =
    "worker_processes 2;\nevents {}\nhttp {\n  keepalive_timeout 65;\n  server {}\n}\n";

/// Snapshot that dev captured.
pub(super) fn rel_42() -> Snapshot {
    let cart = deployment(
        "cart",
        "registry.example:5000/shop/cart:1.8.0",
        &json!([
            {"name": "DB_HOST", "value": "db.dev"},
            {"name": "TAX_TIMEOUT", "value": "500ms"},
            {"name": "DB_PASSWORD", "valueFrom": {"configMapKeyRef": {"name": "app-config", "key": "DB_PASSWORD"}}},
        ]),
    );
    let mut snapshot = snapshot(
        "rel-42",
        vec![
            cart,
            deployment(
                "search",
                &format!("shop/search:main-{}", commit("a1b2")[..40].to_owned()),
                &json!([]),
            ),
            deployment("legacy", "shop/legacy:0.9.1", &json!([])),
            config_map("app-config", &json!({"LOG_LEVEL": "info", "nginx.conf": NGINX})),
        ],
    );
    snapshot.spec.flags = BTreeMap::from([
        ("layout".to_owned(), flag(json!("compact"), "")),
        ("tax-call".to_owned(), flag(json!(false), "")),
    ]);
    snapshot.metadata.message = Some("before the tax call".to_owned());
    snapshot
}

/// Snapshot that QA made of it.
pub(super) fn rel_43() -> Snapshot {
    let mut cart = deployment(
        "cart",
        "registry.example:5000/shop/cart:1.9.0",
        &json!([
            {"name": "DB_HOST", "value": "db.qa"},
            {"name": "TAX_URL", "value": "http://tax:8080"},
            {"name": "TAX_TIMEOUT", "value": "1500ms"},
            {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
        ]),
    );
    let pod = &mut cart["spec"]["template"]["spec"];
    pod["containers"][0]["resources"] = json!({"limits": {"memory": "256Mi"}});
    pod["containers"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "proxy", "image": "envoyproxy/envoy:v1.30.1"}));
    let mut snapshot = snapshot(
        "rel-43",
        vec![
            cart,
            deployment(
                "search",
                &format!("shop/search:main-{}", commit("c3d4")[..40].to_owned()),
                &json!([]),
            ),
            deployment("tax", "registry.example:5000/shop/tax:1.4.0", &json!([])),
            config_map(
                "app-config",
                &json!({"LOG_LEVEL": "debug", "nginx.conf": NGINX.replace("65", "10")}),
            ),
            config_map("tax-config", &json!({"RATES": "2026"})),
        ],
    );
    snapshot.spec.flags = BTreeMap::from([
        ("layout".to_owned(), flag(json!("wide"), "")),
        ("new-pricing".to_owned(), flag(json!(true), "")),
        ("tax-call".to_owned(), flag(json!(true), "tax >=1.4")),
    ]);
    snapshot.metadata.message = Some("the tax call, behind its flag".to_owned());
    snapshot
}

/// Difference between the two.
pub(super) fn from_42_to_43() -> Diff {
    diff::compare(["rel-42", "rel-43"], &rel_42(), &rel_43())
}
