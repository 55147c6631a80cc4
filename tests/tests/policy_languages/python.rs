//! Policies in Python.

use serde_json::json;
use snapshot_policy_host::Policy;

use crate::fixture::ten_thousand_services;
use crate::program::succeed;
use crate::tools::Tools;
use crate::workplace::Workplace;

const TOOLS: Tools = Tools {
    language: "python",
    needs: &["make", "python3"],
    files: &["requirements.txt", "Makefile"],
    pin: "==",
    install: "make .venv/complete",
    folder: ".venv",
};

/// Builds and asks; nothing where the tools cannot be had.
fn build(place: &Workplace, name: &str) -> Option<Policy> {
    TOOLS.put_into(place.path()).then(|| {
        succeed("make", place.path());
        place.ask(&place.path().join("build/policy.wasm"), name)
    })
}

#[test]
fn compatibility() {
    let place = Workplace::new_policy("python", "compatibility");
    if build(&place, "no-latest").is_some() {
        succeed("make typings", place.path());
        assert!(place.path().join("typings/wit_world/imports/types.py").is_file());
    }
}

#[test]
fn promotion() {
    build(&Workplace::new_policy("python", "promotion"), "no-latest");
}

#[test]
fn one_team_at_a_time() {
    let place = Workplace::example("one-team-at-a-time");
    if let Some(policy) = build(&place, "one-team-at-a-time") {
        let answer = policy.check(&ten_thousand_services(&json!({})));
        let findings = answer.result.unwrap();
        assert_eq!(findings[0].subjects.len(), 5_000);
        let named = "service-00000, service-00002, service-00004, service-00006, service-00008";
        assert_eq!(
            findings[0].message,
            format!("team checkout changes {named} and 4995 more in one deploy")
        );
    }
}
