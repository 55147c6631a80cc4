//! Transport of questions and answers, within bounds.

use crate::fixture::{POLICY, load, messages, patient, promotion, question, told, undecided};
use snapshot_core::policy::Decision;
use snapshot_policy_host::Limits;
use snapshot_policy_host::records::{Severity, Subject};

#[test]
fn a_policy_says_what_it_is() {
    let description = POLICY.describe();
    assert_eq!((description.name.as_str(), description.version.as_str()), ("hostile", "1.2.3"));
    assert_eq!(description.summary, r"Does what its settings say,\u{1b}[31m whatever that is.");
    assert_eq!(description.settings_schema.as_deref(), Some(r#"{"type": "object"}"#));
    assert_eq!(POLICY.decisions().collect::<Vec<_>>(), Decision::ALL);
    assert!(POLICY.imports().iter().any(|name| name.starts_with("wasi:cli/stderr@0.2")));
}

#[test]
fn a_question_arrives_whole() {
    let evaluation = told(r#"{"do": "echo"}"#);
    let message = messages(&evaluation)[0];
    for part in [
        r#"name: "rel-43""#,
        r#"tag: Some("1.3.9"), digest: None, commit: Some("3f2a91c8")"#,
        r#"labels: [Entry { key: "team", value: "finance" }]"#,
        r#"key: "tax-call", enabled: true"#,
        "running: Some(",
        r#"condition: Some(">=1.4.0"), active: true, state: Fulfilment::Unmet"#,
        "now: 1760000000",
    ] {
        assert!(message.contains(part), "{part} is not in {message}");
    }
}

#[test]
fn a_promotion_arrives_whole() {
    let policy = load(Limits { text: 8 << 10, ..patient() });
    let evaluation = policy.review(&promotion(r#"{"do": "echo"}"#));
    let message = messages(&evaluation)[0];
    for part in [
        r#"target: Stage { name: "prod", after: ["qa"] }"#,
        r#"snapshot-digest: "sha256:00", since: 1759000000, until: None"#,
        r"outcome: Outcome::Passed, value: Some(0.25)",
        r#"groups: ["release"]"#,
        r#"reason: Some("the tax law changes")"#,
    ] {
        assert!(message.contains(part), "{part} is not in {message}");
    }
}

#[test]
fn findings_come_back_as_they_were_said() {
    let evaluation = told(r#"{"do": "say-all"}"#);
    let findings = evaluation.result.unwrap();
    assert_eq!(
        findings.iter().map(|finding| finding.severity).collect::<Vec<_>>(),
        [Severity::Info, Severity::Warning, Severity::Deny, Severity::Undecided]
    );
    let [service, instance, flag] = ["tax", "cart/cart", "tax-call"].map(String::from);
    assert_eq!(
        findings[0].subjects,
        [Subject::Service(service), Subject::Instance(instance), Subject::FeatureFlag(flag)]
    );
    assert_eq!(findings[0].hint.as_deref(), Some("ask for less"));
}

#[test]
fn an_error_is_undecided_in_the_policys_own_words() {
    let evaluation = told(r#"{"do": "decline", "with": "no price list\u001b[0m"}"#);
    assert_eq!(undecided(&evaluation), r"no price list\u{1b}[0m");
    let evaluation = told("{}");
    assert!(undecided(&evaluation).starts_with("the settings are not what this policy takes: "));
}

#[test]
fn every_text_of_a_finding_is_made_visible() {
    let evaluation = told(r#"{"do": "find-text", "text": "a\u001b[2J\nb\u202e"}"#);
    let finding = evaluation.result.unwrap().remove(0);
    let visible = r"a\u{1b}[2J\nb\u{202e}";
    assert_eq!(finding.code, visible);
    assert_eq!(finding.message, visible);
    assert_eq!(finding.subjects, [Subject::Service(visible.to_owned())]);
    assert_eq!(finding.hint.as_deref(), Some(visible));
}

#[test]
fn a_long_text_is_cut_and_still_denies() {
    let policy = load(Limits { text: 10, ..patient() });
    let finding =
        policy.check(&question(r#"{"do": "find-long", "bytes": 25}"#)).result.unwrap().remove(0);
    assert_eq!(finding.severity, Severity::Deny);
    assert_eq!(finding.message, "xxxxxxxxxx… (15 more bytes)");
}

#[test]
fn too_many_findings_are_not_read_in_part() {
    let evaluation = told(r#"{"do": "find", "findings": 10001}"#);
    assert_eq!(undecided(&evaluation), "the policy has 10001 findings; at most 10000 are read");
    assert_eq!(
        evaluation.result.unwrap_err().hint(),
        "have the policy sum up: one finding can have many subjects"
    );
    assert_eq!(messages(&told(r#"{"do": "find", "findings": 10000}"#)).len(), 10_000);
}

#[test]
fn what_is_printed_is_kept_beside_the_findings() {
    let policy = load(Limits { output: 20, ..patient() });
    let evaluation = policy.check(&question(r#"{"do": "print", "bytes": 100000}"#));
    assert_eq!(messages(&evaluation), ["printed 100000 bytes"]);
    assert_eq!(evaluation.output, "… (99995 bytes before)\nxxxxx\\u{1b}[2Jlast words\n");
}
