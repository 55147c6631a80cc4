//! Fixtures of policies.

use std::fs;

use end_to_end::{Cluster, Folder};

use super::{policy, without_cluster};

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

fn folder() -> Folder {
    let folder = Folder::new(Cluster::shared());
    folder.write("rules/fixtures/too-old.yaml", TOO_OLD);
    folder
}

fn test(folder: &Folder, arguments: &str) -> end_to_end::Invocation {
    let line = format!("policy test ./rules --policy flag-compatibility {arguments}");
    without_cluster(folder, line.split_whitespace().collect::<Vec<_>>())
}

#[test]
fn fixtures_pass_or_show_the_difference() {
    let folder = folder();
    insta::assert_snapshot!("test_passed", test(&folder, "").succeeds());
    let wrong =
        TOO_OLD.replace("severity: deny", "severity: warning").replace("1.3.9 and", "1.3.8 and");
    folder.write("rules/fixtures/wrong.yaml", wrong);
    folder.write("rules/fixtures/broken.yaml", TOO_OLD.replace("candidate:", "candidte:"));
    folder.write("rules/fixtures/new.yaml", TOO_OLD.split("expect:").next().unwrap());
    insta::assert_snapshot!("test_failed", test(&folder, "").exits(1));
    insta::assert_snapshot!("test_no_fixture", test(&folder, "nothing").exits(2));
}

#[test]
fn update_accepts_what_the_policy_says_and_keeps_the_rest() {
    let folder = folder();
    let wrong = TOO_OLD.replace("severity: deny", "severity: warning");
    folder.write("rules/fixtures/wrong.yaml", wrong);
    test(&folder, "--update").succeeds();
    let updated = fs::read_to_string(folder.path().join("rules/fixtures/wrong.yaml")).unwrap();
    assert!(updated.starts_with(TOO_OLD.split("expect:").next().unwrap()), "{updated}");
    assert!(updated.contains("severity: deny"), "{updated}");
    test(&folder, "").succeeds();
}

#[test]
fn pipelines_get_json_and_junit() {
    let folder = folder();
    folder.write("rules/fixtures/wrong.yaml", TOO_OLD.replace("severity: deny", "severity: info"));
    let report = test(&folder, "-o json --junit results.xml").exits(1).json();
    assert_eq!(report["kind"], "PolicyTestRun");
    let outcomes: Vec<&str> = report["fixtures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fixture| fixture["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["passed", "differs"]);
    let junit = fs::read_to_string(folder.path().join("results.xml")).unwrap();
    assert!(junit.contains(r#"tests="2""#) && junit.contains(r#"failures="1""#), "{junit}");
    assert!(junit.contains("severity: info"), "{junit}");
}

#[test]
fn a_recorded_decision_is_a_fixture() {
    let folder = folder();
    folder.write("shop.yaml", super::shop("1.3.9"));
    let record = "policy run flag-compatibility ./shop.yaml --record rules/fixtures/recorded.json";
    without_cluster(&folder, record.split_whitespace()).exits(3);
    let report = test(&folder, "-o json").succeeds().json();
    assert_eq!(report["fixtures"][0]["name"], "recorded.json");
    assert_eq!(report["fixtures"][0]["outcome"], "passed");
}

#[test]
fn the_shipped_policies_answer_what_their_fixtures_expect() {
    let folder = folder();
    for name in ["flag-compatibility", "semver-major", "promotion-ladder"] {
        let path = policy(name);
        let test = ["policy", "test", path.to_str().unwrap(), "--policy", name];
        let output = without_cluster(&folder, test).run();
        assert_eq!(output.exit, 0, "{}", output.transcript());
    }
}
