//! Wait of a promotion for what is missing.

use end_to_end::test;

use super::Stages;

/// A test has to have passed at qa, before anything goes to prod.
const TESTED: &str = r#"policy add promotion-ladder --settings {"evidence":[{"kind":"test","name":"e2e","stage":"qa","for":["prod"]}]}"#;

#[test]
fn a_promotion_waits_for_evidence_and_for_nothing_else() {
    let stages = Stages::new();
    stages.succeeds(TESTED);
    stages.up_to_qa();
    let undecided = stages.plugin("promote rel-42 --to prod --yes").exits(4);
    assert!(undecided.stdout.contains("evidence-missing"), "{}", undecided.transcript());
    stages.plugin("promote rel-42 --to prod --yes --wait=1s").exits(4);

    let waiting = stages.plugin("promote rel-42 --to prod --yes --wait=2m").start();
    stages.succeeds("evidence add rel-42 --kind test --name e2e --passed --at qa");
    let output = waiting.finish();
    assert_eq!(output.exit, 0, "{}", output.transcript());
    assert_eq!(stages.in_prod("tax"), "registry.example/shop/tax:1.4.1");

    // A failed test is no evidence that may come.
    stages.succeeds("evidence add rel-42 --kind test --name e2e --failed --at qa");
    stages.plugin("promote rel-42 --to prod --yes --wait=2m").exits(3);
}

#[test]
fn a_changed_set_starts_without_evidence() {
    let stages = Stages::new();
    stages.succeeds(TESTED);
    stages.up_to_qa();
    stages.succeeds("evidence add rel-42 --kind test --name e2e --passed --at qa");
    stages
        .dev
        .kubectl(["set", "image", "deployment/pricing", "*=registry.example/shop/pricing:2.1.1"])
        .succeeds();
    stages.dev.wait_rollouts();
    stages.succeeds("capture rel-43");
    stages.succeeds("promote rel-43 --to dev --yes");
    stages.succeeds("promote rel-43 --to qa --yes");
    let undecided = stages.plugin("promote rel-43 --to prod --yes").exits(4);
    assert!(undecided.stdout.contains("evidence-missing"), "{}", undecided.transcript());
    stages.succeeds("promote rel-42 --to prod --yes");
}
