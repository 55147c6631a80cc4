//! Fixtures of policies.

use std::fs;

use end_to_end::{HOSTILE_POLICY, Invocation, TestEnvironment, test};

use super::policy;

const TOO_OLD: &str = "\
# The story.
description: tax-call is on, and tax is too old
candidate:
  services:
  - {service: tax, image: 'shop/tax:1.3.9'}
  flags:
  - {key: tax-call, requires: 'tax >=1.4.0'}   # on by default
expect:
  findings:
  - severity: deny
    code: flag-requirement-unmet
    message: flag tax-call is on, but tax runs 1.3.9 and it needs tax >=1.4.0
    subjects: [flag tax-call, service tax]
    hint: run tax >=1.4.0, or turn tax-call off
";

fn environment() -> TestEnvironment {
    let environment = TestEnvironment::new();
    environment.write("rules/fixtures/too-old.yaml", TOO_OLD);
    environment
}

fn policy_test(environment: &TestEnvironment, arguments: &str) -> Invocation {
    let line = format!("policy test ./rules --policy flag-compatibility {arguments}");
    environment.plugin(line.split_whitespace())
}

#[test]
fn fixtures_pass_or_show_the_difference() {
    let environment = environment();
    insta::assert_snapshot!("test_passed", policy_test(&environment, "").succeeds());
    let wrong =
        TOO_OLD.replace("severity: deny", "severity: warning").replace("1.3.9 and", "1.3.8 and");
    environment.write("rules/fixtures/wrong.yaml", wrong);
    environment.write("rules/fixtures/broken.yaml", TOO_OLD.replace("candidate:", "candidte:"));
    environment.write("rules/fixtures/new.yaml", TOO_OLD.split("expect:").next().unwrap());
    insta::assert_snapshot!("test_failed", policy_test(&environment, "").exits(1));
    insta::assert_snapshot!("test_no_fixture", policy_test(&environment, "nothing").exits(2));
}

#[test]
fn a_mistake_is_told_with_its_line_and_field() {
    let environment = environment();
    for (name, from, to) in [
        ("field", "{service: tax, image", "{service: tax, img"),
        ("kind", "{service: tax, image", "{service: tax, kind: Pod, image"),
        ("not-counted", "expect:", "stage: prod\nladder: [{name: prod}]\nexpect:"),
        ("time", "expect:", "now: tomorrow\nexpect:"),
        ("value", "severity: deny", "severity: dny"),
    ] {
        environment.write(&format!("rules/fixtures/{name}.yaml"), TOO_OLD.replace(from, to));
    }
    insta::assert_snapshot!("test_mistakes", policy_test(&environment, "").exits(1));
}

#[test]
fn a_policy_that_crashes_passes_nothing() {
    let environment = environment();
    environment.write("hostile.wasm", &*HOSTILE_POLICY);
    let crash = "candidate: {}\ndecision: compatibility\nsettings: {do: panic}\n";
    environment.write("crash/fixtures/new.yaml", crash);
    let test = |more: &str| {
        let line = format!("policy test ./crash --policy ./hostile.wasm -o json {more}");
        let report = environment.plugin(line.split_whitespace()).exits(1).json();
        let fixtures = report["fixtures"].as_array().unwrap();
        assert!(fixtures.iter().all(|one| one["outcome"] == "broken"), "{report}");
        fixtures[0]["reason"].as_str().unwrap().to_owned()
    };
    let reason = test("");
    assert!(reason.contains("there is no answer to keep: the policy crashed"), "{reason}");
    assert_eq!(test("--update"), reason);
    // Whoever expects a crash gets no pass for it.
    let said = reason.split_once("to keep: ").unwrap().1;
    let expected = format!("{crash}expect:\n  undecided: {}\n", serde_json::json!(said));
    environment.write("crash/fixtures/expected.yaml", expected);
    test("");
}

#[test]
fn update_accepts_what_the_policy_says_and_keeps_the_rest() {
    let environment = environment();
    let wrong = TOO_OLD.replace("severity: deny", "severity: warning");
    environment.write("rules/fixtures/wrong.yaml", wrong);
    policy_test(&environment, "--update").succeeds();
    let updated = fs::read_to_string(environment.path().join("rules/fixtures/wrong.yaml")).unwrap();
    assert!(updated.starts_with(TOO_OLD.split("expect:").next().unwrap()), "{updated}");
    assert!(updated.contains("severity: deny"), "{updated}");
    policy_test(&environment, "").succeeds();
}

#[test]
fn pipelines_get_json_and_junit() {
    let environment = environment();
    environment
        .write("rules/fixtures/wrong.yaml", TOO_OLD.replace("severity: deny", "severity: info"));
    let report = policy_test(&environment, "-o json --junit results.xml").exits(1).json();
    assert_eq!(report["kind"], "PolicyTestRun");
    let outcomes: Vec<&str> = report["fixtures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fixture| fixture["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["passed", "differs"]);
    let junit = fs::read_to_string(environment.path().join("results.xml")).unwrap();
    assert!(junit.contains(r#"tests="2""#) && junit.contains(r#"failures="1""#), "{junit}");
    assert!(junit.contains("severity: info"), "{junit}");
}

#[test]
fn a_recorded_decision_is_a_fixture() {
    let environment = environment();
    environment.write("shop.yaml", super::shop("1.3.9"));
    let record = "policy run flag-compatibility ./shop.yaml --record rules/fixtures/recorded.json";
    environment.plugin(record.split_whitespace()).exits(3);
    let report = policy_test(&environment, "-o json").succeeds().json();
    assert_eq!(report["fixtures"][0]["name"], "recorded.json");
    assert_eq!(report["fixtures"][0]["outcome"], "passed");
}

#[test]
fn the_shipped_policies_answer_what_their_fixtures_expect() {
    let environment = environment();
    for name in ["flag-compatibility", "semver-major", "promotion-ladder"] {
        let path = policy(name);
        let test = ["policy", "test", path.to_str().unwrap(), "--policy", name];
        let output = environment.plugin(test).run();
        assert_eq!(output.exit, 0, "{}", output.transcript());
    }
}
