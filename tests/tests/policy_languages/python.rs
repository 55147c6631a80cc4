//! Policies in Python.

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
fn build(place: &Workplace, name: &str) -> bool {
    let there = TOOLS.put_into(place.path());
    if there {
        succeed("make", place.path());
        place.test(name);
    }
    there
}

#[test]
fn compatibility() {
    let place = Workplace::new_policy("python", "compatibility");
    if build(&place, "no-latest") {
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
    if build(&place, "one-team-at-a-time") {
        place.ask_about_many("{}");
    }
}
