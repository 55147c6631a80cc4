//! Policies in Python.

use end_to_end::test;

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

/// Builds and asks.
fn build(place: &Workplace, name: &str) {
    TOOLS.put_into(place.path());
    succeed("make", place.path());
    place.test(name);
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
