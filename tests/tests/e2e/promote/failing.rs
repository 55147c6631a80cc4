//! Promotions that fail on their way, or are killed.

use end_to_end::{HOSTILE_POLICY, fixture, test};

use super::Stages;
use crate::shop::DEV;

#[test]
fn a_failed_rollout_is_recorded_and_rolled_back_with_what_it_added() {
    let stages = Stages::new();
    stages.up_to_qa();
    stages.succeeds("promote rel-42 --to prod --yes");
    let broken = fixture(DEV)
        .replace("shop/tax:1.3.9", "shop/tax:1.5.0-broken")
        .replace("name: cart-canary", "name: cart-beta");
    stages.dev.apply(&broken);
    stages.succeeds("capture rel-43");
    // Nobody has tested it: prod's own rule is set aside for this test.
    stages.plugin("policy add promotion-ladder --mode warn").succeeds();
    let promote = stages.plugin("promote rel-43 --to prod --yes --no-rollback").exits(1);
    assert!(promote.stdout.contains("FAILED"), "{}", promote.transcript());
    let history = stages.succeeds("history prod -o json").json();
    assert_eq!(history["items"][0]["result"], "failed");
    stages.prod.kubectl(["get", "deployment", "cart-beta"]).succeeds();

    let back = stages.succeeds("rollback prod --yes --reason broken -o json").json();
    assert_eq!(back["snapshot"]["name"], "rel-42");
    stages.prod.kubectl(["get", "deployment", "cart-beta"]).exits(1);
    assert_eq!(stages.in_prod("tax"), "registry.example/shop/tax:1.4.1");
    insta::assert_snapshot!("history", stages.succeeds("history prod"));
}

#[test]
fn of_two_at_once_one_wins() {
    let stages = Stages::new();
    let folder = end_to_end::Folder::new(stages.dev.cluster());
    folder.write("slow.wasm", &*HOSTILE_POLICY);
    // Both have read the chain before either decides.
    let bind = r#"policy add ./slow.wasm --name slow --mode warn --force --settings {"do":"loop"}"#;
    stages.plugin(bind).current_dir(folder.path()).succeeds();
    let promote = || stages.plugin("promote rel-42 --to dev --yes --policy-timeout 4s").start();
    let running = [promote(), promote()];
    let outputs = running.map(end_to_end::Running::finish);
    let mut codes: Vec<_> = outputs.iter().map(|output| output.exit).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 5], "{}\n{}", outputs[0].transcript(), outputs[1].transcript());
    let history = stages.succeeds("history dev -o json").json();
    assert_eq!(history["items"].as_array().unwrap().len(), 2);
    stages.succeeds("history --verify");
}

#[test]
fn a_name_that_a_stopped_run_has_left_stops_nobody() {
    let stages = Stages::new();
    // What a run left that was stopped between keeping what ran and its record.
    let left = stages.plugin("capture qa-before-1 --from -").stdin(fixture(DEV));
    left.succeeds();
    stages.up_to_qa();
    let history = stages.succeeds("history qa -o json").json();
    let before = history["items"][1]["before"]["name"].as_str().unwrap();
    assert!(before.starts_with("qa-before-1-"), "{before}");
    stages.succeeds("rollback qa --yes --reason back");
}
