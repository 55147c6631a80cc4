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
fn what_cannot_pass_in_time_is_not_waited_for() {
    let stages = Stages::new();
    stages.succeeds(r#"policy add promotion-ladder --settings {"soak":{"qa":"24h"}}"#);
    stages.up_to_qa();
    let undecided = stages.plugin("promote rel-42 --to prod --yes --wait=1h").exits(4);
    assert!(undecided.stderr.contains("not waiting: rel-42"), "{}", undecided.transcript());
    assert!(undecided.stdout.contains("may pass by itself"), "{}", undecided.transcript());
}

#[test]
fn a_promotion_that_is_supposed_is_asked_about_and_not_made() {
    let stages = Stages::new();
    stages.up_to_qa();
    let asked = "policy run promotion-ladder rel-42 --to prod --question -o json";
    let run = stages.plugin(asked).exits(0).json();
    let question = &run["question"];
    assert_eq!(question["target"]["after"], serde_json::json!(["qa"]));
    assert!(
        question["running"].is_object() && !question["deployments"].as_array().unwrap().is_empty()
    );
    // How it would be written there is known, as to a promotion.
    let images = question["details"]["images"].as_array().unwrap();
    assert!(images.iter().any(|one| one["images"][0]["before"].is_string()), "{images:?}");
    let settings = r#"--settings {"approvals":{"prod":1}}"#;
    stages.plugin(&format!("policy run promotion-ladder rel-42 --to prod {settings}")).exits(4);
    let approved =
        format!("policy run promotion-ladder rel-42 --to prod {settings} --approved-by grace");
    stages.plugin(&approved).exits(0);
    assert_eq!(stages.in_prod("tax"), "registry.example/shop/tax:1.3.9");
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
