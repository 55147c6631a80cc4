//! Policies in Python.

use end_to_end::test;

use std::fs;

use crate::program::{A_BUILD, run, succeed};
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

/// Builds and asks.
fn build(place: &Workplace, name: &str) {
    TOOLS.put_into(place.path());
    succeed("make", place.path());
    place.test(name);
}

/// An example, built.
pub(crate) fn example(name: &str) -> Workplace {
    let place = Workplace::example(name);
    TOOLS.put_into(place.path());
    succeed("make", place.path());
    place
}

#[test]
fn compatibility() {
    let place = Workplace::new_policy("python", "compatibility");
    build(&place, "no-latest");
    succeed("make typings", place.path());
    assert!(place.path().join("typings/wit_world/imports/types.py").is_file());
}

#[test]
fn promotion() {
    build(&Workplace::new_policy("python", "promotion"), "no-latest");
}

#[test]
fn what_cannot_work_is_told() {
    let place = Workplace::new_policy("python", "promotion");
    TOOLS.put_into(place.path());
    let rule = place.path().join("src/rule.py");
    let right = fs::read_to_string(&rule).expect("it is in the template");
    let within = right.replace("    stage, asks =", "    import decimal\n    stage, asks =");
    fs::write(&rule, within).expect("a test's folder is writable");
    let Err(failed) = run("make", place.path(), A_BUILD) else { panic!("make passes it over") };
    assert!(failed.printed.contains("move it to the top of the file"), "{}", failed.printed);
    // A text where an enum's case belongs.
    fs::write(&rule, right.replace("Severity.DENY", "\"deny\"")).expect("it is writable");
    succeed("make", place.path());
    let why = place.crash("fixtures/not-approved.yaml");
    let named = "finding 0, severity: it is 'deny': expected one such as Severity.DENY";
    assert!(why.contains(named), "{why}");
}

#[test]
fn a_flag_with_rules_may_be_on() {
    let place = Workplace::new_policy("python", "promotion");
    place.look_up_flags();
    let rule = place.path().join("src/rule.py");
    let text = fs::read_to_string(&rule).expect("it is in the template");
    let (before, _) = text.split_once("    stage, asks =").expect("the rule begins so");
    let flags = "    flags = question.candidate.feature_flags\n    told = [f\"{flag.key} {is_on(flag)} {may_be_on(flag)}\" for flag in flags]\n    return [Finding(Severity.INFO, \"flags\", \", \".join(told), [], None)]\n";
    let before =
        before.replacen("import json\n", "import json\n\nfrom flags import is_on, may_be_on\n", 1);
    fs::write(&rule, format!("{before}{flags}")).expect("it is writable");
    TOOLS.put_into(place.path());
    succeed("make", place.path());
    assert_eq!(place.flags(), "banner False True, off False False, on True True");
}

#[test]
fn no_debug() {
    let place = Workplace::example("no-debug");
    build(&place, "no-debug");
    place.ask_about_many("{}");
}

#[test]
fn one_team_at_a_time() {
    let place = Workplace::example("one-team-at-a-time");
    build(&place, "one-team-at-a-time");
    place.ask_about_many("{}");
}
