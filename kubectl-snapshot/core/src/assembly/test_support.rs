//! The shop of the documentation, for tests: a cart that asks for taxes.

use serde_json::{Value, json};

use super::{Assembled, Assembly, CaptureOptions};
use crate::{
    manifest::Kind,
    snapshot::{Metadata, Snapshot},
};

/// A Deployment of one container, with `env` as the manifest has it.
pub(crate) fn deployment(name: &str, image: &str, env: &Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "labels": {"app.kubernetes.io/name": name}},
        "spec": {
            "selector": {"matchLabels": {"app.kubernetes.io/name": name}},
            "template": {
                "metadata": {"labels": {"app.kubernetes.io/name": name}},
                "spec": {"containers": [{"name": name, "image": image, "env": env}]},
            },
        },
    })
}

/// The cart: where its database is belongs to the place, whether it asks for taxes does not.
pub(crate) fn cart(image: &str) -> Value {
    let mut cart = deployment(
        "cart",
        image,
        &json!([
            {"name": "DB_HOST", "value": "db.dev"},
            {"name": "TAX_CALL_ENABLED", "value": "true"},
            {"name": "LOG_LEVEL", "valueFrom": {"configMapKeyRef": {"name": "shop-config", "key": "log"}}},
        ]),
    );
    cart["metadata"]["annotations"] = json!({"kubectl-snapshot.dev/requires": "tax >=1.4"});
    cart["spec"]["template"]["spec"]["serviceAccountName"] = "cart".into();
    cart
}

/// A ConfigMap with one key.
pub(crate) fn config_map(name: &str, log: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"log": log}})
}

/// A Service that selects the pods of one service.
pub(crate) fn service(name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"selector": {"app.kubernetes.io/name": name}, "ports": [{"port": 80}]},
    })
}

/// A ServiceAccount.
pub(crate) fn account(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}})
}

/// The whole shop, as of `rel-42`.
pub(crate) fn shop() -> Vec<Value> {
    vec![
        cart("shop/cart:2.0.0"),
        deployment("tax", "shop/tax:1.4.1", &json!([])),
        config_map("shop-config", "info"),
        service("cart"),
        service("tax"),
        account("cart"),
    ]
}

/// Capture options of a cluster with one variable set: `DB_HOST` is a variable.
pub(crate) fn choices() -> CaptureOptions {
    CaptureOptions {
        variables: ["DB_HOST".to_owned()].into(),
        lenient: true,
        ..CaptureOptions::default()
    }
}

/// The set that objects make up.
pub(crate) fn assemble<'a>(
    choices: CaptureOptions,
    objects: impl IntoIterator<Item = &'a Value>,
) -> Assembled {
    let mut assembly = Assembly::new(choices);
    for object in objects {
        assembly.add(kind_of(object), object.clone()).expect("a set");
    }
    assembly.finish().expect("flags")
}

/// The kind that an object says it is of.
pub(crate) fn kind_of(object: &Value) -> Kind {
    object["kind"].as_str().and_then(Kind::named).expect("a kind that a set carries")
}

/// A snapshot of objects, with the variable's values in its metadata.
pub(crate) fn snapshot<'a>(objects: impl IntoIterator<Item = &'a Value>) -> Snapshot {
    let assembled = assemble(choices(), objects);
    let metadata = Metadata { variables: assembled.variables, ..Metadata::default() };
    Snapshot { metadata, spec: assembled.spec }
}
