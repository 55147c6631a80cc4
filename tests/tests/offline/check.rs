//! Compatibility checks, and their exit codes.

use std::path::Path;

use end_to_end::{DEV, Invocation, PROD, TestEnvironment, fixture, plugin, test};
use serde_json::json;

/// A run on the dev shop's manifests with another image of tax, where there is
/// no cluster.
fn check(tax: &str, arguments: &[&str]) -> Invocation {
    let command = ["check", "-"].into_iter().chain(arguments.iter().copied());
    let manifests = fixture(DEV).replace("shop/tax:1.3.9", &format!("shop/tax:{tax}"));
    plugin(command).stdin(manifests)
}

#[test]
fn what_a_flag_needs_is_denied_allowed_or_undecided() {
    insta::assert_snapshot!("denied", check("1.3.9", &[]).exits(3));
    insta::assert_snapshot!("allowed", check("1.4.1", &[]).exits(0));
    insta::assert_snapshot!("undecided", check("nightly", &[]).exits(4));
}

#[test]
fn a_flag_that_is_off_needs_nothing() {
    let off = fixture(DEV).replacen(r#""defaultVariant": "on""#, r#""defaultVariant": "off""#, 1);
    insta::assert_snapshot!("off", plugin(["check", "-"]).stdin(off).exits(0));
}

#[test]
fn each_requirement_is_explained() {
    insta::assert_snapshot!("explain_denied", check("1.3.9", &["--explain"]).exits(3));
    insta::assert_snapshot!("explain_undecided", check("nightly", &["--explain"]).exits(4));
}

#[test]
fn what_is_replaced_serves_beside_it_during_the_rollout() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let against = |tax| check(tax, &["--against", PROD]).current_dir(&fixtures).run();
    insta::assert_snapshot!("against", against("1.4.1"));
    insta::assert_snapshot!("against_denied", against("1.3.9"));
}

#[test]
fn json_holds_every_finding() {
    let report = check("1.3.9", &["-o", "json", "--explain"]).exits(3).json();
    assert_eq!(report["kind"], "CheckReport");
    assert_eq!(report["verdict"], "deny");
    let policy = &report["policies"][0];
    assert_eq!(policy["policy"], "flag-compatibility");
    assert_eq!(policy["outcome"], "decided");
    assert!(policy["digest"].as_str().unwrap().starts_with("sha256:"));
    let finding = &policy["findings"][0];
    assert_eq!(finding["severity"], "deny");
    assert_eq!(finding["code"], "flag-requirement-unmet");
    assert_eq!(finding["subjects"], json!([{"flag": "tax-call"}, {"service": "tax"}]));
    assert_eq!(report["requirements"].as_array().unwrap().len(), 3);

    let allowed = check("1.4.1", &["-o", "json"]).exits(0).json();
    assert_eq!(allowed["verdict"], "allow");
    assert_eq!(allowed["policies"][0]["findings"], json!([]));
    assert_eq!(check("nightly", &["-o", "jsonpath={.verdict}"]).exits(4).stdout, "undecided");
    assert_eq!(check("1.3.9", &["-o", "name"]).exits(3).stdout, "flag-compatibility\n");
}

#[test]
fn a_policy_that_cannot_be_asked_is_undecided_and_says_why() {
    let environment = TestEnvironment::new();
    environment.write("module.wasm", b"\0asm\x01\0\0\0");
    environment.write("garbage.wasm", b"\xffnothing of the kind");
    environment.write("text.wasm", b"apiVersion: v1\n");
    environment.write("empty.wasm", b"");
    environment.write("short.wasm", b"\0asm\x0d\0\x01\0\x07");
    environment.write("folder.wasm/file", b"");
    for name in ["module", "garbage", "text", "empty", "short", "folder", "missing"] {
        let policy = format!("./{name}.wasm");
        let check = check("1.4.1", &["--policy", &policy]).current_dir(environment.path());
        insta::assert_snapshot!(format!("policy_{name}"), check.exits(4));
    }
    // A denial weighs more than what nobody knows.
    check("1.3.9", &["--policy", "./missing.wasm"]).current_dir(environment.path()).exits(3);
}
