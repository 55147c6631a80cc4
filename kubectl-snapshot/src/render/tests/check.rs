//! The verdict on a set.

use snapshot_core::{
    diff::Side,
    policy::Decision,
    requirement::{Subject, resolve},
    verdict::{Finding, Outcome, PolicyReport, Severity, Verdict, verdict},
};

use super::{assert_text, at, machine, printed, story};
use crate::render::{CheckReport, Style};

fn policy(name: &str, outcome: Outcome) -> PolicyReport {
    PolicyReport {
        policy: name.into(),
        digest: None,
        decision: Decision::Compatibility,
        question_digest: None,
        settings: snapshot_core::policy::Settings::default(),
        config_maps: Vec::new(),
        mode: snapshot_core::policy::Mode::Enforce,
        outcome,
    }
}

fn finding(severity: Severity, code: &str, message: &str, hint: Option<&str>) -> Finding {
    Finding {
        severity,
        code: code.into(),
        message: message.into(),
        subjects: vec![Subject::Flag("tax-call".into()), Subject::Service("tax".into())],
        hint: hint.map(str::to_owned),
        may_pass: None,
    }
}

fn report(policies: Vec<PolicyReport>) -> CheckReport {
    let set = story::rel_42();
    let candidate = Side { name: "rel-42".into(), digest: set.spec.digest() };
    CheckReport {
        candidate,
        against: None,
        verdict: verdict(&policies),
        policies,
        requirements: None,
    }
}

pub(super) fn denied() -> CheckReport {
    let findings = vec![
        finding(Severity::Warning, "image-not-pinned", "search runs a tag that moves", None),
        finding(
            Severity::Deny,
            "flag-requirement-unmet",
            "flag tax-call is on and needs tax >=1.4, but tax runs 1.3.9",
            Some(
                "turn tax-call off, or take tax 1.4.0 or later: compose rel-44 --base rel-42 --take tax@rel-43",
            ),
        ),
    ];
    report(vec![
        policy("flag-compatibility", Outcome::Decided { findings }),
        policy("semver-major", Outcome::Decided { findings: Vec::new() }),
        policy(
            "team-rules",
            Outcome::Undecided {
                reason: "it ran out of time after 1 s; give it more with --timeout".into(),
            },
        ),
        policy("promotion-ladder", Outcome::NotAsked { reason: "it decides on promotions".into() }),
    ])
}

#[test]
fn at_80_columns() {
    assert_text(
        &at(80, &denied()),
        "
DENIED  rel-42 (sha256:d54a02ae3da2) may not run together

flag-compatibility  deny
    deny     flag-requirement-unmet  flag tax-call is on and needs tax >=1.4,
                                     but tax runs 1.3.9
                                     hint: turn tax-call off, or take tax 1.4.0
                                     or later: compose rel-44 --base rel-42
                                     --take tax@rel-43
    warning  image-not-pinned        search runs a tag that moves
semver-major  allow
team-rules  undecided: it ran out of time after 1 s; give it more with --timeout
promotion-ladder  not asked: it decides on promotions
",
    );
}

#[test]
fn at_200_columns() {
    assert_text(&at(200, &denied()), "
DENIED  rel-42 (sha256:d54a02ae3da2) may not run together

flag-compatibility  deny
    deny     flag-requirement-unmet  flag tax-call is on and needs tax >=1.4, but tax runs 1.3.9
                                     hint: turn tax-call off, or take tax 1.4.0 or later: compose rel-44 --base rel-42 --take tax@rel-43
    warning  image-not-pinned        search runs a tag that moves
semver-major  allow
team-rules  undecided: it ran out of time after 1 s; give it more with --timeout
promotion-ladder  not asked: it decides on promotions
");
}

#[test]
fn in_colour() {
    let style = Style { colour: true, width: Some(80), terminal: true };
    let report = report(vec![policy("semver-major", Outcome::Decided { findings: Vec::new() })]);
    assert_text(
        &printed(&report, "", style).replace('\u{1b}', "ESC"),
        "
ESC[32mALLOWEDESC[0m  ESC[1mrel-42ESC[0mESC[2m (sha256:d54a02ae3da2)ESC[0m may run together

ESC[1msemver-majorESC[0m  ESC[32mallowESC[0m
",
    );
}

#[test]
fn an_explanation_lists_each_requirement() {
    let mut set = story::rel_43();
    set.spec.flags.get_mut("layout").unwrap().value = serde_json::json!(false);
    set.spec.flags.get_mut("layout").unwrap().requires =
        snapshot_core::requirement::parse_list("search >=2").unwrap();
    let mut report = report(Vec::new());
    report.against = Some(Side { name: "live:qa".into(), digest: set.spec.digest() });
    report.requirements = Some(resolve(&set.spec));
    assert_text(
        &at(80, &report),
        "
ALLOWED  rel-42 (sha256:d54a02ae3da2) may run together, while it replaces
live:qa (sha256:77a1dfb5a478)
No policy was asked.

REQUIREMENTS
DEPENDENT      REQUIRES    STATE              FOUND
flag layout    search >=2  unknown, inactive  search runs image
                                              shop/search:main-…3d4c3d4c3d4c3d4,
                                              whose version cannot be told
flag tax-call  tax >=1.4   met                tax runs 1.4.0
",
    );
}

#[test]
fn other_verdicts_have_other_words() {
    for (given, word) in [
        (Verdict::Allow, "ALLOWED  rel-42 (sha256:"),
        (Verdict::Warn, "ALLOWED WITH WARNINGS  rel-42 (sha256:"),
        (Verdict::Undecided, "UNDECIDED  rel-42 (sha256:"),
    ] {
        let report = CheckReport { verdict: given, ..report(Vec::new()) };
        assert!(at(80, &report).starts_with(word));
    }
}

#[test]
fn machines_get_the_findings() {
    assert_text(&machine("name", &denied()), "flag-compatibility\nteam-rules\n");
    assert_text(
        &machine("jsonpath={.verdict} {.policies[*].findings[*].code}", &denied()),
        "deny image-not-pinned flag-requirement-unmet",
    );
    assert_text(
        &machine("jsonpath={.policies[?(@.outcome=='undecided')].policy}", &denied()),
        "team-rules",
    );
}
