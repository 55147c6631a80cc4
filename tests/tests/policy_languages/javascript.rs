//! Policies in JavaScript.

use serde_json::json;
use snapshot_policy_host::Policy;

use crate::fixture::ten_thousand_services;
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

/// Builds and asks; nothing where the tools cannot be had.
fn build(place: &Workplace, name: &str) -> Option<Policy> {
    TOOLS.put_into(place.path()).then(|| {
        succeed("npm run build", place.path());
        place.ask(&place.path().join("build/policy.wasm"), name)
    })
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
fn our_registry() {
    let place = Workplace::example("our-registry");
    if let Some(policy) = build(&place, "our-registry") {
        let judged = |settings| policy.check(&ten_thousand_services(&settings)).result.unwrap();
        assert_eq!(judged(json!({"registries": ["registry.example"]})), []);
        assert_eq!(judged(json!({"registries": ["ghcr.io"]})).len(), 10_000);
    }
}
