//! Sets of several namespaces: captured as one, stored once, compared and checked across.

pub(crate) mod deploying;
mod learning;
mod refused;

use end_to_end::{Cluster, Folder, Namespace, Rule, fixture, test, wait_for};
use serde_json::{Value, json};

use crate::shop::{self, DEV};

const READ: [Rule<'_>; 4] = [
    Rule {
        group: "apps",
        resources: &["deployments", "statefulsets", "daemonsets"],
        verbs: &["list"],
    },
    Rule { group: "batch", resources: &["cronjobs"], verbs: &["list"] },
    Rule {
        group: "",
        resources: &["configmaps", "services", "serviceaccounts", "pods"],
        verbs: &["list"],
    },
    Rule { group: "", resources: &["namespaces"], verbs: &["get"] },
];

/// A Deployment of one service, which may require others.
fn service(name: &str, tag: &str, requires: &str) -> String {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {
            "name": name,
            "labels": {"app.kubernetes.io/name": name},
            "annotations": {"kubectl-snapshot.dev/requires": requires},
        },
        "spec": {
            "selector": {"matchLabels": {"app.kubernetes.io/name": name}},
            "template": {
                "metadata": {"labels": {"app.kubernetes.io/name": name}},
                "spec": {"containers": [{"name": name, "image": format!("registry.example/{name}:{tag}")}]},
            },
        },
    })
    .to_string()
}

/// The cart in one namespace, and the tax that it needs in another.
fn shop_and_payments(tax: &str) -> [Namespace; 2] {
    let shop = Namespace::new(Cluster::shared(), "shop");
    let payments = shop.beside("payments");
    shop.apply(&service("cart", "1.8.0", "tax >=1.4"));
    payments.apply(&service("tax", tax, ""));
    shop.wait_rollouts();
    payments.wait_rollouts();
    [shop, payments]
}

fn live(parts: &[&Namespace]) -> String {
    let names: Vec<&str> = parts.iter().map(|one| one.name()).collect();
    format!("live:{}", names.join(","))
}

fn digest_of(place: &Namespace, arguments: &[&str]) -> String {
    let json = ["-o", "jsonpath={.metadata.digest}"];
    place.plugin(arguments.iter().copied().chain(json)).succeeds().stdout
}

#[test]
fn two_namespaces_are_captured_as_one_set() {
    let [shop, payments] = shop_and_payments("1.4.1");
    insta::assert_snapshot!("capture", shop.plugin_with(&payments, ["capture", "rel-42"]).run());
    insta::assert_snapshot!("list", shop.plugin(["list"]).run());
    insta::assert_snapshot!("describe", shop.plugin(["describe", "rel-42"]).run());

    let document = shop.plugin(["get", "rel-42", "-o", "json"]).succeeds().json();
    assert_eq!(document["apiVersion"], "kubectl-snapshot.dev/v2alpha1");
    for place in [&shop, &payments] {
        let part = &document["metadata"]["parts"][place.name()];
        let alone = place.plugin(["capture", "-o", "json"]).succeeds().json();
        assert_eq!(alone["apiVersion"], "kubectl-snapshot.dev/v1alpha1");
        assert_eq!(
            part["digest"], alone["metadata"]["digest"],
            "a part is the set of its namespace"
        );
        assert_eq!(document["spec"]["parts"][place.name()], alone["spec"]);
        assert!(part["resourceVersion"].is_string(), "{part}");
        let chosen = digest_of(&shop, &["get", "rel-42", "--part", place.name()]);
        assert_eq!(part["digest"], chosen);
    }
    // The same again, in another order, from a document, and out of YAML, is the same set.
    let digest = document["metadata"]["digest"].as_str().unwrap();
    assert_eq!(digest_of(&shop, &["get", &live(&[&payments, &shop])]), digest);
    shop.plugin(["diff", "rel-42", &live(&[&shop, &payments])]).exits(0);
    let yaml = shop.plugin(["get", "rel-42", "-o", "yaml"]).succeeds().stdout;
    let read = shop.plugin(["get", "-", "-o", "json"]).stdin(yaml).succeeds().json();
    assert_eq!(read, document);
    shop.plugin(["tag", "rel-42", "release"]).succeeds();
    shop.plugin(["delete", "rel-42"]).succeeds();
    assert_eq!(digest_of(&shop, &["get", "release"]), digest);
}

#[test]
fn a_part_shares_what_its_namespace_alone_has_stored() {
    let shop = shop::running("shop", &fixture(DEV));
    let payments = shop.beside("payments");
    payments.apply(&service("tax", "1.4.1", ""));
    payments.wait_rollouts();
    let chunks = || {
        let names = ["get", "configmaps", "-o", "name", "-n", shop.store()];
        let selected = ["-l", "kubectl-snapshot.dev/part=chunk"];
        let found = shop.kubectl(names.into_iter().chain(selected)).succeeds().stdout;
        found.lines().count()
    };
    shop.plugin(["capture", "shop"]).succeeds();
    payments.plugin(["capture", "payments"]).succeeds();
    let before = chunks();
    shop.plugin_with(&payments, ["capture", "both"]).succeeds();
    assert_eq!(chunks(), before, "both parts are there");
    shop.plugin(["gc", "--grace", "0s"]).succeeds();
    shop.plugin(["get", "both", "-o", "json"]).succeeds();
    // Nothing but what changed in one part is written.
    payments.apply(&service("tax", "1.4.2", ""));
    payments.wait_rollouts();
    shop.plugin_with(&payments, ["capture", "both-2"]).succeeds();
    assert_eq!(chunks(), before + 1);
    let diff = shop.plugin(["diff", "both", "both-2", "-o", "json"]).exits(1).json();
    assert_eq!(diff["summary"]["images"], 1);
}

#[test]
fn parts_are_compared_by_name_and_sum_up() {
    let [shop, payments] = shop_and_payments("1.3.9");
    let platform = shop.beside("platform");
    platform.apply(&service("tax", "9.0.0", ""));
    platform.wait_rollouts();
    shop.plugin_with(&payments, ["capture", "rel-41"]).succeeds();
    payments.apply(&service("tax", "1.4.1", ""));
    payments.wait_rollouts();
    let now = live(&[&payments, &platform, &shop]);
    insta::assert_snapshot!("diff", shop.plugin(["diff", "rel-41", &now]).exits(1));
    let diff = shop.plugin(["diff", "rel-41", &now, "-o", "json"]).exits(1).json();
    assert_eq!(diff["summary"]["partsAdded"], 1);
    assert_eq!(diff["summary"]["workloadsAdded"], 1);
    let chosen = format!("{}/tax", payments.name());
    let one = shop.plugin(["diff", "rel-41", &now, "--service", &chosen, "-o", "json"]);
    let one = one.exits(1).json();
    assert_eq!(one["parts"].as_array().map(Vec::len), Some(1), "{one}");
    // The sum is that of the parts, each compared for itself.
    let part = ["--part", payments.name(), "-o", "json"];
    let part = shop.plugin(["diff", "rel-41", &now].into_iter().chain(part)).exits(1).json();
    assert_eq!(part["summary"]["images"], diff["summary"]["images"]);
    let beside = shop.plugin(["diff", "rel-41", "live"]).exits(2);
    assert!(beside.stderr.contains("is the set of one namespace"), "{}", beside.stderr);
    shop.plugin(["diff", "rel-41", "live", "--part", shop.name()]).exits(0);
}

#[test]
fn a_place_has_its_own_names() {
    let [shop, payments] = shop_and_payments("1.4.1");
    let at = |shop: &Namespace, payments: &Namespace| {
        format!("shop={},payments={}", shop.name(), payments.name())
    };
    let here = at(&shop, &payments);
    let capture = ["capture", "rel-42", "--at", &here];
    shop.plugin_with(&payments, capture).succeeds();
    let document = shop.plugin(["get", "rel-42", "-o", "json"]).succeeds().json();
    let parts: Vec<&String> = document["spec"]["parts"].as_object().unwrap().keys().collect();
    assert_eq!(parts, ["payments", "shop"]);
    // The same in namespaces of other names is the same set.
    let [shop_prod, payments_prod] = [shop.beside("shop-prod"), shop.beside("payments-prod")];
    shop_prod.apply(&service("cart", "1.8.0", "tax >=1.4"));
    payments_prod.apply(&service("tax", "1.4.1", ""));
    shop_prod.wait_rollouts();
    payments_prod.wait_rollouts();
    let there = at(&shop_prod, &payments_prod);
    let live = live(&[&shop_prod, &payments_prod]);
    shop.plugin(["diff", "rel-42", &live, "--at", &there]).exits(0);
    shop.plugin(["diff", "rel-42", &live]).exits(1);
    shop.plugin(["check", &live, "--at", &there]).exits(0);
    let other = shop.plugin(["diff", "rel-42", &live, "--at", &here]).exits(2);
    assert!(other.stderr.contains("is none of the namespaces"), "{}", other.stderr);
    let one = shop.plugin(["diff", "rel-42", "live", "--at", &here]).exits(2);
    assert!(one.stderr.contains("one is meant"), "{}", one.stderr);
}

#[test]
fn what_one_part_requires_another_has() {
    let [shop, payments] = shop_and_payments("1.3.9");
    let both = live(&[&shop, &payments]);
    insta::assert_snapshot!("denied", shop.plugin(["check", &both, "--explain"]).exits(3));
    payments.apply(&service("tax", "1.4.1", ""));
    payments.wait_rollouts();
    shop.plugin(["check", &both]).exits(0);
    // Alone, the cart lacks what it needs.
    shop.plugin(["check", "live"]).exits(3);
}

#[test]
fn who_takes_one_namespace_says_so() {
    let [shop, payments] = shop_and_payments("1.4.1");
    shop.plugin_with(&payments, ["capture", "rel-42"]).succeeds();
    insta::assert_snapshot!("apply_parts", shop.plugin(["apply", "rel-42", "--yes"]).exits(2));
    let both = shop.plugin_with(&payments, ["apply", "rel-42", "--part", shop.name(), "--yes"]);
    insta::assert_snapshot!("apply_in_two", both.exits(2));
    let part = ["apply", "rel-42", "--part", payments.name(), "--dry-run=client"];
    payments.plugin(part).exits(0);
    // By itself, the cart lacks what it requires of the other part.
    shop.plugin(["apply", "rel-42", "--part", shop.name(), "--dry-run=client"]).exits(3);
    let missing = shop.plugin(["apply", "rel-42", "--part", "platform", "--dry-run=client"]);
    insta::assert_snapshot!("no_such_part", missing.exits(2));
    let learn = shop.plugin(["variables", "learn", "rel-42", "live"]).exits(2);
    assert!(learn.stderr.contains("is the set of one namespace"), "{}", learn.stderr);
    for wrong in ["live:a,", "live:a,a", "live:a,B"] {
        shop.plugin(["get", wrong]).exits(2);
    }
}

#[test]
fn whoever_may_read_two_of_three_gets_no_digest() {
    let [shop, payments] = shop_and_payments("1.4.1");
    let platform = shop.beside("platform");
    shop.allow("reader", &READ);
    payments.allow("reader", &READ);
    let no_deployments = Rule { resources: &["statefulsets", "daemonsets"], ..READ[0] };
    platform.allow("reader", &[&[no_deployments], &READ[1..]].concat());
    let three = live(&[&payments, &platform, &shop]);
    insta::assert_snapshot!("forbidden", shop.plugin(["get", &three]).as_user("reader").exits(1));
    shop.plugin(["get", &live(&[&payments, &shop])]).as_user("reader").exits(0);
    // Whether a namespace is ending is said not to be known.
    let without = shop.beside("without");
    without.apply(&service("tax", "1.4.1", ""));
    without.allow("reader", &READ[..3]);
    let two = live(&[&shop, &without]);
    let read = shop.plugin(["get", &two]).as_user("reader").exits(0);
    assert!(read.stderr.contains("that no deletion of"), "{}", read.stderr);
}

#[test]
fn a_namespace_that_is_being_deleted_is_no_part() {
    let [shop, payments] = shop_and_payments("1.4.1");
    // Something that nobody lets go keeps it from ending.
    let held = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "held", "finalizers": ["example.com/held"]},
    });
    payments.apply(&held.to_string());
    let delete = ["delete", "namespace", payments.name(), "--wait=false"];
    Cluster::shared().kubectl(delete).succeeds();
    insta::assert_snapshot!("ending", shop.plugin_with(&payments, ["capture", "rel-42"]).exits(1));
    let list = shop.plugin(["list", "-o", "name"]).succeeds();
    assert!(!list.stdout.contains("rel-42"), "{}", list.stdout);
    let release = [
        "patch",
        "configmap",
        "held",
        "--type=merge",
        "-p",
        "{\"metadata\":{\"finalizers\":null}}",
    ];
    payments.kubectl(release).succeeds();
    let missing = format!("live:{},e2e-nobody-00000000", shop.name());
    let missing = shop.plugin(["get", &missing]).exits(1);
    assert!(missing.stderr.contains("not found"), "{}", missing.stderr);
}

#[test]
fn namespaces_are_chosen_by_labels() {
    let [shop, payments] = shop_and_payments("1.4.1");
    let team = format!("team={}", shop.name());
    for place in [&shop, &payments] {
        Cluster::shared().kubectl(["label", "namespace", place.name(), &team]).succeeds();
    }
    let store = ["--store-namespace", shop.store()];
    let plugin = |arguments: &[&'static str]| {
        let labels = ["-l", team.as_str()];
        Cluster::shared().plugin(arguments.iter().copied().chain(labels).chain(store))
    };
    let labelled = plugin(&["capture", "-o", "json"]).succeeds().json();
    let named = shop.plugin_with(&payments, ["capture", "-o", "json"]).succeeds().json();
    assert_eq!(labelled["metadata"]["digest"], named["metadata"]["digest"]);
    // One that holds nothing is no part, and that is said.
    let empty = shop.beside("empty");
    Cluster::shared().kubectl(["label", "namespace", empty.name(), &team]).succeeds();
    let read = plugin(&["capture", "-o", "json"]).succeeds();
    assert_eq!(read.json()["metadata"]["digest"], named["metadata"]["digest"]);
    let nobody = ["capture", "-l", "team=nobody-4711", "--store-namespace", shop.store()];
    let nobody = Cluster::shared().plugin(nobody).exits(1);
    assert!(
        nobody.stderr.contains("no namespace with the labels team=nobody-4711"),
        "{}",
        nobody.stderr
    );
}

#[test]
fn every_namespace_is_a_part_save_those_that_are_left_out() {
    let [shop, payments] = shop_and_payments("1.4.1");
    let platform = shop.beside("platform");
    platform.apply(&service("mail", "2.0.0", ""));
    let named = shop.plugin_with(&payments, ["capture", "-o", "json"]).succeeds().json();
    let all = ["get", "namespaces", "-o", "jsonpath={.items[*].metadata.name}"];
    let capture = wait_for("a moment in which no other test makes a namespace", || {
        let all_names = Cluster::shared().kubectl(all).succeeds().stdout;
        let others = all_names.split_whitespace();
        let others = others.filter(|name| ![shop.name(), payments.name()].contains(name));
        // The system's are left out anyway.
        let others: Vec<&str> = others.filter(|name| !name.starts_with("kube-")).collect();
        let others = others.join(",");
        let without = ["--exclude-namespaces", &others, "--store-namespace", shop.store()];
        let capture = ["capture", "-A", "-o", "json"].into_iter().chain(without);
        let output = Cluster::shared().plugin(capture).run();
        let is_alone = output.exit == 0
            && output.json()["metadata"]["parts"].as_object().is_some_and(|parts| parts.len() == 2);
        is_alone.then(|| output.json())
    });
    assert_eq!(capture["metadata"]["digest"], named["metadata"]["digest"]);
}

#[test]
fn a_context_has_several_namespaces() {
    let [shop, payments] = shop_and_payments("1.4.1");
    let view = Cluster::shared().kubectl(["config", "view", "--raw", "-o", "json"]).succeeds();
    let mut config = view.json();
    let mut elsewhere = config["contexts"][0].clone();
    elsewhere["name"] = "prod-eu".into();
    elsewhere["context"]["namespace"] = payments.name().into();
    config["contexts"].as_array_mut().expect("a list").push(elsewhere);
    let folder = Folder::new(Cluster::shared());
    folder.write("config", config.to_string());
    let config = folder.path().join("config").to_string_lossy().into_owned();
    let there = format!("live:prod-eu/{},{}", shop.name(), payments.name());
    let both = live(&[&shop, &payments]);
    let plugin = |words: &[&str]| {
        let global = ["--kubeconfig", &config, "--store-namespace", shop.store()];
        Cluster::shared().plugin(words.iter().copied().chain(global))
    };
    plugin(&["diff", &there, &both]).exits(0);
    // A name without a namespace is that of the context.
    let alone = plugin(&["get", "live:prod-eu/", "-o", "json"]).succeeds().json();
    assert!(alone["spec"]["services"]["tax"].is_object(), "{alone}");
    let nobody = plugin(&["diff", "live:prod-us/shop,payments", &both]).exits(2);
    assert!(nobody.stderr.contains("prod-us"), "{nobody}");
}

#[test]
fn rendered_manifests_and_their_namespaces_are_the_same_set() {
    let [shop, payments] = shop_and_payments("1.4.1");
    let mut manifests = Vec::new();
    for (place, text) in
        [(&shop, service("cart", "1.8.0", "tax >=1.4")), (&payments, service("tax", "1.4.1", ""))]
    {
        let mut object: Value = serde_json::from_str(&text).unwrap();
        object["metadata"]["namespace"] = json!(place.name());
        manifests.push(object.to_string());
    }
    let manifests = manifests.join("\n---\n");
    let both = live(&[&shop, &payments]);
    let diff = Cluster::shared().plugin(["diff", "-", &both, "--store-namespace", shop.store()]);
    diff.stdin(&*manifests).exits(0);
    let chosen = shop.plugin(["diff", "-", "live"]).stdin(manifests);
    chosen.exits(0);
}
