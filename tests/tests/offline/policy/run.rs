//! One policy, one question: run, recorded, replayed, measured.

use end_to_end::{HOSTILE_POLICY, TestEnvironment, test};

use super::shop;

fn environment() -> TestEnvironment {
    let environment = TestEnvironment::new();
    environment.write("old.yaml", shop("1.3.9"));
    environment.write("new.yaml", shop("1.4.1"));
    environment
}

#[test]
fn a_policy_is_asked_about_any_set() {
    let environment = environment();
    let run = |line: &str| environment.plugin(line.split_whitespace());
    let denied = run("policy run flag-compatibility ./old.yaml -o json").exits(3).json();
    assert_eq!(denied["decision"], "compatibility");
    assert_eq!(denied["findings"][0]["code"], "flag-requirement-unmet");
    assert!(denied["peakMemory"].as_u64().unwrap() > 0);
    let allowed =
        run("policy run flag-compatibility ./new.yaml --against ./old.yaml --question -o json");
    let allowed = allowed.exits(0).json();
    assert_eq!(allowed["question"]["running"]["name"], "./old.yaml");
    assert_eq!(allowed["question"]["changes"][0]["subject"]["instance"], "tax/tax");
    let mistyped = run(r#"policy run flag-compatibility ./new.yaml --settings {"unknwon":1}"#);
    insta::assert_snapshot!("run_mistyped_setting", mistyped.exits(2));
}

#[test]
fn a_recorded_decision_replays_to_the_same_bytes() {
    let environment = environment();
    let run = |line: &str| environment.plugin(line.split_whitespace());
    run("policy run flag-compatibility ./old.yaml --record first.json").exits(3);
    let replay = run("policy run flag-compatibility --replay first.json --record second.json");
    assert!(replay.succeeds().stdout.starts_with("SAME"));
    let read = |name: &str| std::fs::read_to_string(environment.path().join(name)).unwrap();
    assert_eq!(read("first.json"), read("second.json"));

    let edited = read("first.json").replace(r#""version":"1.3.9""#, r#""version":"1.5.0""#);
    environment.write("edited.json", edited);
    let replay = run("policy run flag-compatibility --replay edited.json").exits(1);
    assert!(replay.stderr.contains("the recorded question was edited"), "{}", replay.transcript());
    environment.write("answer.json", read("first.json").replace("deny", "info"));
    let replay = run("policy run flag-compatibility --replay answer.json").exits(1);
    assert!(replay.stdout.starts_with("DIFFERENT"), "{}", replay.transcript());
    insta::assert_snapshot!(
        "replay_of_nothing",
        run("policy run flag-compatibility --replay old.yaml").exits(1)
    );
}

#[test]
fn a_promotion_is_supposed_without_a_cluster() {
    let environment = environment();
    let run = |line: &str| environment.plugin(line.split_whitespace());
    let asked =
        "policy run promotion-ladder ./new.yaml --to prod --actor ada=release --question -o json";
    let bare = run(&format!("{asked} --reason tax")).exits(0).json();
    let question = &bare["question"];
    assert_eq!(question["target"], serde_json::json!({"name": "prod", "after": []}));
    assert_eq!(question["actor"], serde_json::json!({"name": "ada", "groups": ["release"]}));
    assert_eq!(question["reason"], "tax");
    assert!(question["running"].is_null());
    let settings =
        r#"{"approvals":{"prod":1},"evidence":[{"kind":"metric","name":"p95","max":"200ms"}]}"#;
    let asked = format!("{asked} --settings {settings}");
    let missing = run(&asked).exits(4).json();
    let codes: Vec<&str> = missing["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["evidence-missing", "approval-missing"]);
    assert_eq!(missing["findings"][0]["mayPass"], serde_json::json!({}));
    let facts = "--evidence metric/p95=120ms@qa --approved-by grace=release";
    run(&format!("{asked} {facts}")).exits(0);
    run(&format!("{asked} {facts} --against ./old.yaml")).exits(0);
    insta::assert_snapshot!(
        "run_promotion_without_a_stage",
        run("policy run promotion-ladder ./new.yaml").exits(2)
    );
    insta::assert_snapshot!(
        "run_compatibility_with_a_stage",
        run("policy run flag-compatibility ./new.yaml --to prod").exits(2)
    );
}

#[test]
fn a_record_is_asked_of_another_policy() {
    let environment = environment();
    let run = |line: &str| environment.plugin(line.split_whitespace());
    run("policy run flag-compatibility ./old.yaml --record first.json").exits(3);
    environment.write("other.wasm", &*HOSTILE_POLICY);
    let anew = run("policy run ./other.wasm --replay first.json").exits(1);
    assert!(anew.stderr.contains("asked anew: "), "{}", anew.transcript());
    assert!(!anew.stderr.contains("was edited"), "{}", anew.transcript());
}

#[test]
fn what_a_policy_costs_is_measured() {
    let environment = environment();
    let bench = "policy bench flag-compatibility --services 5,50 --rounds 2 -o json";
    let report = environment.plugin(bench.split_whitespace()).succeeds().json();
    assert_eq!(report["rounds"], 2);
    assert_eq!(report["sizes"][1]["services"], 50);
    assert!(report["compile"].as_u64().unwrap() > report["start"].as_u64().unwrap());
    for size in report["sizes"].as_array().unwrap() {
        assert!(size["worst"].as_u64().unwrap() >= size["median"].as_u64().unwrap());
        assert!(size["peakMemory"].as_u64().unwrap() > 0 && size.get("undecided").is_none());
    }
}

#[test]
fn what_ships_is_inspected() {
    let environment = environment();
    let inspect = environment.plugin(["policy", "inspect", "flag-compatibility", "-o", "json"]);
    let report = inspect.succeeds().json();
    assert_eq!(report["about"]["decisions"], serde_json::json!(["compatibility"]));
    assert_eq!(report["contract"], "0.1");
    assert!(report["settingsSchema"]["properties"]["ignore"].is_object());
    assert!(report.get("problem").is_none());
}
