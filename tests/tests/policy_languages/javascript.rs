//! Policies in JavaScript.

use end_to_end::test;

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

#[test]
fn compatibility() {
    build(&Workplace::new_policy("javascript", "compatibility"), "no-latest");
}

#[test]
fn promotion() {
    build(&Workplace::new_policy("javascript", "promotion"), "no-latest");
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
