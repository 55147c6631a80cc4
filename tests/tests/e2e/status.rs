//! Status: what runs at each stage, beside what was last promoted there.

use end_to_end::{Rule, test};
use serde_json::{Value, json};

use crate::promote::Stages;

/// State of each stage, with the exit code that goes with them.
fn states(stages: &Stages, exit: i32) -> Vec<String> {
    let report = stages.plugin("status -o json").exits(exit).json();
    let items = report["items"].as_array().unwrap().iter();
    items.map(|one| format!("{} {}", one["stage"], one["state"]).replace('"', "")).collect()
}

fn item(stages: &Stages, stage: &str, exit: i32) -> Value {
    stages.plugin(&format!("status {stage} -o json")).exits(exit).json()["items"][0].clone()
}

#[test]
fn a_stage_is_in_step_or_behind_or_has_drifted() {
    let stages = Stages::new();
    assert_eq!(states(&stages, 1), ["dev unpromoted", "qa unpromoted", "prod unpromoted"]);
    stages.up_to_qa();
    stages.succeeds("promote rel-42 --to prod --yes");
    assert_eq!(states(&stages, 0), ["dev inStep", "qa inStep", "prod inStep"]);
    // What belongs to the place, and what no set has, is no drift.
    stages.dev.kubectl(["scale", "deployment/tax", "--replicas=2"]).succeeds();
    let beside = ["create", "configmap", "of-somebody", "--from-literal=a=b"];
    stages.dev.kubectl(beside).succeeds();
    assert_eq!(states(&stages, 0), ["dev inStep", "qa inStep", "prod inStep"]);

    let image = ["set", "image", "deployment/tax", "tax=registry.example/shop/tax:1.4.2"];
    stages.dev.kubectl(image).succeeds();
    stages.dev.kubectl(["set", "env", "deployment/cart", "DEBUG=1"]).succeeds();
    stages.dev.kubectl(["delete", "configmap", "cart-config"]).succeeds();
    stages.dev.wait_rollouts();
    let dev = item(&stages, "dev", 1);
    assert_eq!(dev["state"], "drifted", "{dev:#}");
    let drift = dev["drift"].as_array().unwrap();
    let of = |object: &str| drift.iter().find(|one| one["object"] == object).expect(object);
    let tax = of("Deployment tax");
    assert_eq!(tax["field"], "spec.template.spec.containers[tax].image", "{dev:#}");
    assert!(tax["promoted"].as_str().unwrap().contains("tax:1.4.1"), "{tax}");
    assert!(tax["runs"].as_str().unwrap().contains("tax:1.4.2"), "{tax}");
    assert_eq!(tax["by"]["manager"], "kubectl-set");
    let cart = of("Deployment cart");
    assert_eq!(cart["field"], "spec.template.spec.containers[cart].env[DEBUG]");
    assert_eq!((&cart["runs"], &cart["by"]["manager"]), (&json!("1"), &json!("kubectl-set")));
    assert_eq!(of("ConfigMap cart-config")["missing"], true);
    insta::assert_snapshot!("drifted", stages.plugin("status dev").exits(1));
    insta::assert_snapshot!("markdown", stages.plugin("status dev -o markdown").exits(1));

    // Captured and promoted, it is what dev is to run; qa is behind then, and no longer once it
    // has it as well. Prod is behind qa.
    stages.dev.kubectl(["create", "configmap", "cart-config", "--from-literal=a=b"]).succeeds();
    stages.succeeds("capture rel-43");
    stages.succeeds("promote rel-43 --to dev --yes");
    assert_eq!(states(&stages, 1), ["dev inStep", "qa behind", "prod inStep"]);
    insta::assert_snapshot!("behind", stages.plugin("status").exits(1));
    stages.succeeds("promote rel-43 --to qa --yes");
    assert_eq!(states(&stages, 1), ["dev inStep", "qa inStep", "prod behind"]);
    // Whoever goes back leaves nobody behind.
    stages.succeeds("promote rel-43 --to prod --yes");
    stages.succeeds("rollback qa --yes --reason test");
    assert_eq!(states(&stages, 1), ["dev inStep", "qa behind", "prod inStep"]);
}

#[test]
fn a_stage_that_nobody_can_see_hides_no_other() {
    let stages = Stages::new();
    stages.up_to_qa();
    let broken = "kubectl-snapshot.dev/part=stages";
    let store = ["--namespace", stages.dev.store()];
    let cluster = stages.dev.cluster();
    let make = ["create", "configmap", "stages.broken", "--from-literal=after=qa"];
    cluster.kubectl(make.into_iter().chain(store)).succeeds();
    cluster
        .kubectl(["label", "configmap", "stages.broken", broken].into_iter().chain(store))
        .succeeds();
    stages.succeeds("stage set gone --at e2e-there-is-none --after qa");
    stages.succeeds("promote rel-42 --to prod --yes");
    let known = |stage: &str, state: &str| format!("{stage} {state}");
    let seen = states(&stages, 8);
    for (stage, state) in
        [("dev", "inStep"), ("qa", "inStep"), ("prod", "inStep"), ("broken", "unknown")]
    {
        assert!(seen.contains(&known(stage, state)), "{seen:?}");
    }
    assert_eq!(item(&stages, "qa", 0)["state"], "inStep");
    stages.plugin("status staging").exits(2);
    let html = stages.plugin("status -o html").exits(8).stdout;
    assert!(html.contains("UNKNOWN"), "{html}");

    // Whoever may read dev and not qa knows of dev.
    let read = |resources: &'static [&'static str], group: &'static str| Rule {
        group,
        resources,
        verbs: &["list", "get"],
    };
    let rules = [
        read(&["deployments", "statefulsets", "daemonsets"], "apps"),
        read(&["cronjobs"], "batch"),
        read(&["configmaps", "services", "serviceaccounts", "pods"], ""),
    ];
    stages.dev.allow("reader", &rules);
    stages.dev.allow_in_store("reader", &[read(&["configmaps"], "")]);
    let report = stages.plugin("status dev qa -o json").as_user("reader").exits(8).json();
    assert_eq!(report["items"][0]["state"], "inStep", "{report:#}");
    assert_eq!(report["items"][1]["state"], "unknown", "{report:#}");
    let reason = report["items"][1]["notes"][0].as_str().unwrap();
    assert!(reason.contains("Forbidden"), "{reason}");
}
