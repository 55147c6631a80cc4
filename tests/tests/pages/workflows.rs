//! Workflows of the forges: valid YAML, actions of a pinned version, and targets of make
//! that exist.

use regex::Regex;
use serde_json::Value;

use crate::page::file;

const GITHUB: [&str; 2] = [".github/workflows/check.yml", ".github/workflows/release.yml"];
const GITLAB: &str = ".gitlab-ci.yml";

fn parsed(path: &str) -> Value {
    serde_saphyr::from_str(&file(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every member of that name, wherever it stands.
fn members<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(object) => {
            for (key, below) in object {
                if key == name {
                    found.push(below);
                }
                members(below, name, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| members(item, name, found)),
        _ => {}
    }
}

#[test]
fn jobs_are_there_and_actions_are_pinned() {
    for path in GITHUB {
        let workflow = parsed(path);
        let jobs = workflow["jobs"].as_object().unwrap_or_else(|| panic!("{path} has jobs"));
        for (name, job) in jobs {
            assert!(job["runs-on"].is_string(), "{path}: {name} says where it runs");
            assert!(job["steps"].is_array(), "{path}: {name} has steps");
        }
        let mut actions = Vec::new();
        members(&workflow, "uses", &mut actions);
        assert!(!actions.is_empty(), "{path} uses actions");
        for action in actions {
            let action = action.as_str().expect("an action is a text");
            let version = action.split_once('@').map(|(_, version)| version);
            let pinned = version.is_some_and(|version| version.starts_with('v'));
            assert!(pinned, "{path}: {action} has no version");
        }
    }
    let pipeline = parsed(GITLAB);
    let stages: Vec<&Value> = pipeline["stages"].as_array().unwrap().iter().collect();
    for (name, job) in pipeline.as_object().unwrap() {
        if let Some(stage) = job.get("stage") {
            assert!(stages.contains(&stage), "{name} is of a stage that is not listed: {stage}");
        }
    }
}

#[test]
fn both_forges_run_lint_and_tests_of_a_change() {
    let target = Regex::new(r"\bmake ([a-z-]+)").unwrap();
    let makefile = file("Makefile");
    for path in GITHUB.into_iter().chain([GITLAB]) {
        for found in target.captures_iter(&file(path)) {
            let rule = format!("\n{}:", &found[1]);
            assert!(makefile.contains(&rule), "{path}: make has no {}", &found[1]);
        }
    }
    let mut steps = Vec::new();
    let check = parsed(GITHUB[0]);
    assert!(check["on"].get("pull_request").is_some(), "it runs for pull requests");
    members(&check, "run", &mut steps);
    let script = parsed(GITLAB)["check"]["script"].clone();
    for command in ["make lint", "make test"] {
        assert!(steps.contains(&&Value::from(command)), "GitHub: {command}");
        assert!(script.as_array().unwrap().contains(&command.into()), "GitLab: {command}");
    }
}
