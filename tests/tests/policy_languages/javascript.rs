//! Policies in JavaScript.

use end_to_end::test;

use std::fs;

use crate::program::succeed;
use crate::tools::Tools;
use crate::workplace::Workplace;

const TOOLS: Tools = Tools {
    language: "javascript",
    needs: &["node", "npm"],
    files: &["package.json"],
    pin: "\"componentize-qjs\":",
    install: "npm install --no-audit --no-fund --omit-lockfile-registry-resolved",
    folder: "node_modules",
};

/// Builds and asks.
fn build(place: &Workplace, name: &str) {
    TOOLS.put_into(place.path());
    succeed("npm run build", place.path());
    place.test(name);
}

/// An example, built.
pub(crate) fn example(name: &str) -> Workplace {
    let place = Workplace::example(name);
    TOOLS.put_into(place.path());
    succeed("npm run build", place.path());
    place
}

#[test]
fn compatibility() {
    build(&Workplace::new_policy("javascript", "compatibility"), "no-latest");
}

#[test]
fn promotion() {
    build(&Workplace::new_policy("javascript", "promotion"), "no-latest");
}

#[test]
fn a_wrong_field_is_named() {
    let place = Workplace::new_policy("javascript", "promotion");
    TOOLS.put_into(place.path());
    let rule = place.path().join("src/rule.js");
    let right = fs::read_to_string(&rule).expect("it is in the template");
    fs::write(&rule, right.replace("severity: \"deny\"", "severity: \"denied\""))
        .expect("writable");
    succeed("npm run build", place.path());
    let why = place.crash("fixtures/not-approved.yaml");
    let named =
        "finding 0, severity: it is \"denied\": expected one of info, warning, deny, undecided";
    assert!(why.contains(named), "{why}");
}

#[test]
fn a_flag_with_rules_may_be_on() {
    let place = Workplace::new_policy("javascript", "promotion");
    place.look_up_flags();
    let rule = place.path().join("src/rule.js");
    let text = fs::read_to_string(&rule).expect("it is in the template");
    let (before, _) = text.split_once("  const stage =").expect("the rule begins so");
    let flags = "  const told = question.candidate.featureFlags.map((flag) => `${flag.key} ${isOn(flag)} ${mayBeOn(flag)}`);\n  return [{ severity: \"info\", code: \"flags\", message: told.join(\", \"), subjects: [], hint: undefined }];\n}\n";
    let import = "import { isOn, mayBeOn } from \"./flags.js\";\n";
    fs::write(&rule, format!("{import}{before}{flags}")).expect("it is writable");
    TOOLS.put_into(place.path());
    succeed("npm run build", place.path());
    assert_eq!(place.flags(), "banner false true, off false false, on true true");
}

#[test]
fn few_experiments() {
    let place = Workplace::example("few-experiments");
    build(&place, "few-experiments");
    place.ask_about_many("{}");
}

#[test]
fn our_registry() {
    let place = Workplace::example("our-registry");
    build(&place, "our-registry");
    let asked = place.ask_about_many(r#"{"registries": ["registry.example.com"]}"#);
    assert_eq!(asked["findings"], 0);
    let asked = place.ask_about_many(r#"{"registries": ["ghcr.io"]}"#);
    assert_eq!(asked["findings"], 10_000);
}
