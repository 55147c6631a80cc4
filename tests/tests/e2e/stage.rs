//! Stages: namespaces with variables and policies of their own.

use end_to_end::{Cluster, Folder, HOSTILE_POLICY, Namespace, fixture, test};

use crate::shop::DEV;

/// A flag by a variable whose value belongs to the place.
const AT_PLACE: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  annotations: {kubectl-snapshot.dev/flags: "AT_PLACE=at-place requires tax >=9"}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - {name: cart, image: "shop/cart:1.0.0", env: [{name: AT_PLACE, value: "false"}]}
"#;

#[test]
fn stages_are_set_listed_and_removed() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let plugin = |line: &str| qa.plugin(line.split_whitespace());
    insta::assert_snapshot!("list_of_none", plugin("stage list").succeeds());
    plugin("stage set dev --at dev").succeeds();
    plugin("variables set qa DB_HOST=orders-db.qa").succeeds();
    insta::assert_snapshot!(
        "set",
        plugin("stage set qa --at qa --after dev --variables qa").succeeds()
    );
    plugin("stage set prod --at eu-west/shop --after qa").succeeds();
    insta::assert_snapshot!("list", plugin("stage list").succeeds());
    let listed = plugin("stage list -o json").succeeds().json();
    assert_eq!(listed["items"][2]["context"], "eu-west");
    insta::assert_snapshot!("no_stage_before", plugin("stage set x --at x --after y").exits(2));
    insta::assert_snapshot!("circle", plugin("stage set dev --at dev --after prod").exits(2));
    insta::assert_snapshot!("no_variables", plugin("stage set x --at x --variables y").exits(1));
    insta::assert_snapshot!("remove_used", plugin("stage remove qa").exits(1));
    plugin("policy add semver-major --stage prod").succeeds();
    insta::assert_snapshot!("remove_bound", plugin("stage remove prod").exits(1));
    plugin("policy remove semver-major").succeeds();
    plugin("stage remove prod").succeeds();
    insta::assert_snapshot!("remove_missing", plugin("stage remove prod").exits(1));
}

#[test]
fn a_stage_is_a_config_map_that_kubectl_applies() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    qa.plugin(["variables", "set", "qa", "A=b"]).succeeds();
    let stage = serde_json::json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "stages.qa",
            "namespace": qa.store(),
            "labels": {"kubectl-snapshot.dev/part": "stages"},
        },
        "data": {"namespace": "shop-qa", "variables": "qa"},
    });
    qa.cluster().kubectl(["apply", "-f", "-"]).stdin(stage.to_string()).succeeds();
    let listed = qa.plugin(["stage", "list", "-o", "jsonpath={.items[0].namespace}"]).succeeds();
    assert_eq!(listed.stdout, "shop-qa");
}

#[test]
fn apply_takes_the_variables_and_asks_the_policies_of_the_stage() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let folder = Folder::new(qa.cluster());
    folder.write("ours.wasm", &*HOSTILE_POLICY);
    folder.write("shop.yaml", fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
    let plugin = |line: &str| qa.plugin(line.split_whitespace()).current_dir(folder.path());
    plugin("variables set qa DB_HOST=orders-db.qa").succeeds();
    plugin("stage set dev --at somewhere").succeeds();
    plugin(&format!("stage set qa --at {} --after dev --variables qa", qa.name())).succeeds();
    let bind = r#"policy add ./ours.wasm --name ours --stage qa --settings {"do":"say-all"}"#;
    plugin(bind).succeeds();

    plugin("check ./shop.yaml").succeeds();
    plugin("check ./shop.yaml --stage dev").succeeds();
    let denied = plugin("check ./shop.yaml --stage qa -o json").exits(3).json();
    assert_eq!(denied["policies"][1]["policy"], "ours");
    insta::assert_snapshot!("check_no_stage", plugin("check ./shop.yaml --stage nowhere").exits(2));

    // A variable of the stage is one in files too: its literal value is that of another place.
    folder.write("place.yaml", AT_PLACE);
    plugin("check ./place.yaml --stage dev").succeeds();
    plugin("variables set qa AT_PLACE=true").succeeds();
    let denied = plugin("check ./place.yaml --stage qa -o json").exits(3).json();
    assert_eq!(denied["policies"][0]["policy"], "flag-compatibility");
    assert_eq!(denied["policies"][0]["findings"][0]["severity"], "deny", "{denied}");

    plugin("apply ./shop.yaml --yes").exits(3);
    qa.kubectl(["get", "deployment", "tax"]).exits(1);
    plugin("policy remove ours").succeeds();
    // Nobody walks round the promotion policies of a stage.
    let skips = plugin("apply ./shop.yaml --yes").exits(3);
    assert!(skips.stdout.contains("stage-skipped"), "{}", skips.stdout);
    let hint =
        "hint: the namespace is that of stage qa: kubectl snapshot promote ./shop.yaml --to qa";
    assert!(skips.stderr.contains(hint), "{}", skips.stderr);
    qa.kubectl(["get", "deployment", "tax"]).exits(1);
    plugin("policy add promotion-ladder --mode warn").succeeds();
    plugin("apply ./shop.yaml --yes").succeeds();
    let cart = qa.kubectl(["get", "deployment", "cart", "-o", "json"]).succeeds().json();
    let env = cart["spec"]["template"]["spec"]["containers"][0]["env"].as_array().unwrap();
    let host = env.iter().find(|entry| entry["name"] == "DB_HOST").unwrap();
    assert_eq!(host["value"], "orders-db.qa");
}

/// A stage that cannot be read stops its own promotions, and those of the stages after it.
#[test]
fn a_broken_stage_stops_no_other() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let prod = qa.beside("prod");
    let folder = Folder::new(qa.cluster());
    folder.write("shop.yaml", fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
    let plugin = |line: &str| qa.plugin(line.split_whitespace()).current_dir(folder.path());
    plugin("policy add promotion-ladder --mode warn").succeeds();
    plugin(&format!("stage set qa --at {}", qa.name())).succeeds();
    plugin("stage set staging --at elsewhere --after qa").succeeds();
    plugin(&format!("stage set prod --at {} --after staging", prod.name())).succeeds();
    let broken = r#"{"data":{"pin":"ever"}}"#;
    let patch =
        ["patch", "configmap", "stages.staging", "-n", qa.store(), "--type=merge", "-p", broken];
    qa.cluster().kubectl(patch).succeeds();

    insta::assert_snapshot!("list_broken", plugin("stage list").succeeds());
    plugin("promote ./shop.yaml --to qa --yes").succeeds();
    let after = plugin("promote ./shop.yaml --to prod --yes").exits(4);
    let says = "stage prod comes after staging, and stage staging cannot be read";
    assert!(after.stdout.contains(says), "{}", after.stdout);
    insta::assert_snapshot!(
        "promote_to_broken",
        plugin("promote ./shop.yaml --to staging --yes").exits(1)
    );
    // Who applies there is asked the same.
    let applied = plugin(&format!("apply ./shop.yaml -n {} --yes", prod.name())).exits(4);
    assert!(applied.stdout.contains(says), "{}", applied.stdout);
    // Its namespace is nobody's to take meanwhile.
    let taken = plugin("stage set other --at elsewhere").exits(1);
    assert!(taken.stderr.contains("is named by stage staging, which cannot be read"), "{taken}");
    // The way is open to who may override, and mended by setting the stage anew.
    plugin("promote ./shop.yaml --to prod --yes --override --reason urgent").succeeds();
    plugin("stage set staging --at elsewhere --after qa").succeeds();
    plugin("promote ./shop.yaml --to prod --yes").succeeds();

    // A namespace that may be a broken stage's is nobody's to apply to.
    let patch = ["patch", "configmap", "stages.qa", "-n", qa.store(), "--type=merge", "-p", broken];
    qa.cluster().kubectl(patch).succeeds();
    let doubted = plugin("apply ./shop.yaml --yes").exits(4);
    assert!(doubted.stdout.contains("no way of pinning images"), "{}", doubted.stdout);
    plugin("stage remove qa").exits(1);
    plugin(&format!("stage set qa --at {}", qa.name())).succeeds();
    plugin("apply ./shop.yaml --yes").succeeds();
}

/// Of two stages in one namespace each would ask its own policies alone.
#[test]
fn a_namespace_is_one_stages() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let folder = Folder::new(qa.cluster());
    folder.write("shop.yaml", fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
    let plugin = |line: &str| qa.plugin(line.split_whitespace()).current_dir(folder.path());
    plugin("policy add promotion-ladder --mode warn").succeeds();
    plugin(&format!("stage set qa --at {}", qa.name())).succeeds();
    plugin(&format!("stage set qa --at {} --pin never", qa.name())).succeeds();
    let refused = plugin(&format!("stage set test --at {}", qa.name())).exits(1);
    assert!(refused.stderr.contains("is stage qa's"), "{}", refused.stderr);
    // Somebody has written one by hand.
    let second = serde_json::json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "stages.test",
            "namespace": qa.store(),
            "labels": {"kubectl-snapshot.dev/part": "stages"},
        },
        "data": {"namespace": qa.name()},
    });
    qa.cluster().kubectl(["apply", "-f", "-"]).stdin(second.to_string()).succeeds();
    let applied = plugin("apply ./shop.yaml --yes").exits(2);
    assert!(applied.stderr.contains("belong to the stages qa and test"), "{}", applied.stderr);
    let promoted = plugin("promote ./shop.yaml --to qa --yes").exits(4);
    let says = "a namespace of stage qa is stage test's, too";
    assert!(promoted.stdout.contains(says), "{}", promoted.stdout);
    plugin("promote ./shop.yaml --to qa --yes --override --reason known").succeeds();
}

/// A slip in a name leaves what was meant unguarded.
#[test]
fn what_is_named_and_is_not_there_is_told() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let folder = Folder::new(qa.cluster());
    folder.write("shop.yaml", fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
    let plugin = |line: &str| qa.plugin(line.split_whitespace()).current_dir(folder.path());
    let applied = plugin("apply ./shop.yaml --dry-run=client").succeeds();
    let says = "no policies but those that ship are asked";
    assert!(applied.stderr.contains(says), "{}", applied.stderr);
    plugin(&format!("stage set qa --at {}", qa.name())).succeeds();
    plugin("policy add promotion-ladder --stage prodd --force").succeeds();
    let says = "policy promotion-ladder is bound to stage prodd, and there is no such stage";
    for line in ["policy list", "promote ./shop.yaml --to qa --dry-run=client"] {
        let told = plugin(line).succeeds();
        assert!(told.stderr.contains(says), "{line}: {}", told.stderr);
        assert!(!told.stderr.contains("those that ship"), "{line}: {}", told.stderr);
    }
    folder.write("ours.wasm", &*HOSTILE_POLICY);
    let bind =
        r#"policy add ./ours.wasm --name flag-compatibility --settings {"do":"find","findings":0}"#;
    let replaced = plugin(bind).succeeds();
    let says = "in place of the shipped policy flag-compatibility";
    assert!(replaced.stderr.contains(says), "{}", replaced.stderr);
}
