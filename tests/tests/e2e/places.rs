//! Facts of a place that no manifest says: what cannot be read there, what runs beside it, and
//! what is called otherwise.

use end_to_end::{Cluster, Namespace, test, wait_for};
use serde_json::Value;

/// A Deployment of one replica, with more of its annotations and its container.
fn deployment(name: &str, image: &str, annotations: &str, more: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, annotations: {{{annotations}}}}}\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers:\n      - {{name: {name}, image: '{image}'{more}}}\n"
    )
}

/// Requirements of a cart that asks for taxes, as an annotation.
const REQUIRES: &str = "kubectl-snapshot.dev/requires: tax >=1.4";

fn rolled_out(namespace: &Namespace, name: &str) {
    let workload = format!("deployment/{name}");
    namespace.kubectl(["rollout", "status", &workload, "--timeout=60s"]).succeeds();
}

#[test]
fn one_flag_that_cannot_be_read_prevents_nothing() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let cart = |requires: &str| {
        deployment(
            "cart",
            "shop/cart:2.0.0",
            &format!("kubectl-snapshot.dev/requires: {requires}"),
            "",
        )
    };
    let good = r#""good": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on"}"#;
    let stale = r#""stale": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": {"if": [{"$ref": "staff"}, "on", "off"]}}"#;
    let flags = format!(
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: flags}}\ndata:\n  shop.flagd.json: '{{\"flags\": {{{good}, {stale}}}}}'\n"
    );
    dev.apply(&(cart("flag good=on") + &flags));
    let captured = dev.plugin(["capture", "rel-7"]).succeeds();
    assert!(captured.stdout.contains("2 flags"), "{captured}");
    let says = "flagd:flags/shop.flagd.json: flag stale: its targeting refers to \"staff\"";
    assert!(captured.stderr.contains(says), "{captured}");
    // What needs it cannot be decided, and nothing else.
    dev.plugin(["check", "rel-7"]).exits(0);
    let with_stale = dev.plugin(["check", "live", "--explain"]);
    with_stale.exits(0);
    dev.apply(&cart("flag stale=off"));
    let undecided = dev.plugin(["check", "live"]).exits(4);
    assert!(undecided.stdout.contains("flag stale cannot be read"), "{undecided}");
    dev.plugin(["apply", "rel-7", "--yes", "--wait=false"]).succeeds();
    dev.plugin(["diff", "rel-7", "live"]).exits(0);
    // A whole file that cannot be read may require anything.
    dev.kubectl(["create", "configmap", "broken", "--from-literal=shop.flagd.yaml=flags: ["])
        .succeeds();
    let broken = dev.plugin(["check", "live"]).exits(4);
    let says =
        "ConfigMap broken, key shop.flagd.yaml is named as flag definitions and is not valid YAML";
    assert!(broken.stderr.contains(says) && broken.stdout.contains("cannot tell what"), "{broken}");
    // Nor does an annotation.
    dev.kubectl(["delete", "configmap", "broken"]).succeeds();
    dev.apply(&cart("tax 1.4"));
    dev.plugin(["capture", "rel-8"]).succeeds();
    let annotation = dev.plugin(["check", "rel-8"]).exits(4);
    assert!(annotation.stdout.contains("cannot tell what cart/cart needs"), "{annotation}");
}

#[test]
fn flags_that_kubectl_keeps_as_binary_data_are_seen() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let definitions = "flags: {tax-call: {state: ENABLED, variants: {on: true, off: false}, defaultVariant: on, metadata: {requires: tax}}}";
    // kubectl puts into binaryData what is no UTF-8, and leaves there what is put there.
    let patch = |encoded: &str| format!(r#"{{"binaryData": {{"shop.flagd.yaml": "{encoded}"}}}}"#);
    dev.kubectl(["create", "configmap", "flags"]).succeeds();
    let encoded = Cluster::shared().command("base64", ["-w0"]).stdin(definitions).succeeds().stdout;
    dev.kubectl(["patch", "configmap", "flags", "-p", &patch(encoded.trim())]).succeeds();
    let denied = dev.plugin(["check", "live"]).exits(3);
    assert!(denied.stdout.contains("flag tax-call is on"), "{denied}");
}

#[test]
fn both_versions_count_while_both_run() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.apply(
        &(deployment("tax", "shop/tax:1.3.9", "", "")
            + &deployment("cart", "shop/cart:2.0.0", REQUIRES, "")),
    );
    rolled_out(&dev, "tax");
    dev.plugin(["check", "live"]).exits(3);
    dev.apply(&deployment("tax", "shop/tax:1.4.1-broken", "", ""));
    let undecided = dev.plugin(["check", "live"]).exits(4);
    assert!(
        undecided.stdout.contains("its rollout has not ended and tax runs 1.3.9 as well"),
        "{undecided}"
    );
    let waits = ["capture", "rel-1", "--wait", "--timeout", "3s"];
    let timed_out = dev.plugin(waits).run();
    assert!(matches!(timed_out.exit, 1 | 7), "{timed_out}");
    assert!(timed_out.stderr.contains("the rollout of Deployment tax"), "{timed_out}");
    assert!(dev.plugin(["list", "-o", "name"]).run().stdout.is_empty());
    // What is rolled out beside it is the candidate's neighbour, too.
    let against = format!("live:{}", dev.name());
    let candidate = deployment("tax", "shop/tax:1.4.1-broken", "", "")
        + &deployment("cart", "shop/cart:2.1.0", REQUIRES, "");
    let checked = dev.plugin(["check", "-", "--against", &against]).stdin(candidate).run();
    assert!(checked.stdout.contains("may still reach 1.3.9"), "{checked}");
    dev.apply(&deployment("tax", "shop/tax:1.4.1", "", ""));
    dev.plugin(["capture", "rel-1", "--wait", "--timeout", "60s"]).succeeds();
    rolled_out(&dev, "tax");
    wait_for("the old pods to go", || {
        let stderr = dev.plugin(["capture", "rel-2", "--force"]).succeeds().stderr;
        stderr.is_empty().then_some(())
    });
    dev.plugin(["check", "rel-2"]).exits(0);
}

#[test]
fn what_no_set_has_is_named() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let pod = "{containers: [{name: main, image: shop/pay:1.0.0}], restartPolicy: Never}";
    let others = format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: bare}}\nspec: {pod}\n---\napiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {{name: pay}}\nspec:\n  selector: {{matchLabels: {{app: pay}}}}\n  template: {{metadata: {{labels: {{app: pay}}}}, spec: {{containers: [{{name: main, image: shop/pay:1.0.0}}]}}}}\n"
    );
    dev.apply(&(deployment("cart", "shop/cart:2.0.0", "", "") + &others));
    wait_for("the ReplicaSet's pod", || {
        let pods = dev.kubectl(["get", "pods", "-l", "app=pay", "-o", "name"]).succeeds().stdout;
        (!pods.is_empty()).then_some(())
    });
    let says = "not in the set: Pod bare, ReplicaSet pay (a snapshot holds StatefulSets, DaemonSets, Deployments and CronJobs)";
    let captured = dev.plugin(["capture", "rel-1"]).succeeds();
    assert!(captured.stderr.contains(says), "{captured}");
    let described = dev
        .plugin(["describe", "-"])
        .stdin(deployment("cart", "shop/cart:2.0.0", "", "") + &others)
        .succeeds();
    assert!(described.stderr.contains(says), "{described}");
}

#[test]
fn a_secret_keeps_the_name_that_it_has_here() {
    let [dev_secret, prod_secret] = ["db-7hk2g4m8tb", "db-fb94c2dhk5"];
    let dev = Namespace::new(Cluster::shared(), "dev");
    let prod = dev.beside("prod");
    let cart = |secret: &str, image: &str| {
        let env = format!(
            ", env: [{{name: PASSWORD, valueFrom: {{secretKeyRef: {{name: {secret}, key: password}}}}}}], envFrom: [{{secretRef: {{name: {secret}}}}}]"
        );
        let volumes =
            format!("      volumes:\n      - {{name: tls, secret: {{secretName: {secret}}}}}\n");
        deployment("cart", image, "", &env) + &volumes
    };
    for (place, secret, image) in
        [(&dev, dev_secret, "shop/cart:2.0.0"), (&prod, prod_secret, "shop/cart:1.9.0")]
    {
        place
            .kubectl(["create", "secret", "generic", secret, "--from-literal=password=x"])
            .succeeds();
        place.apply(&cart(secret, image));
        rolled_out(place, "cart");
    }
    let live_dev = format!("live:{}", dev.name());
    dev.plugin(["capture", "rel-14"]).succeeds();
    prod.plugin(["apply", "rel-14", "--yes"]).succeeds();
    let seen = prod.kubectl(["get", "deployment", "cart", "-o", "json"]).succeeds().stdout;
    let seen: Value = serde_json::from_str(&seen).unwrap();
    let text = seen["spec"].to_string();
    assert!(text.contains("shop/cart:2.0.0") && !text.contains(dev_secret), "{text}");
    assert_eq!(text.matches(prod_secret).count(), 3, "{text}");
    prod.plugin(["diff", &live_dev, "live"]).exits(0);
    // Where nothing names one, the plan says so.
    let empty = dev.beside("empty");
    let plan = empty.plugin(["apply", "rel-14", "--dry-run=client"]).succeeds();
    let says = format!("Deployment cart names the Secret {dev_secret}");
    assert!(plan.stdout.contains(&says), "{plan}");
}
