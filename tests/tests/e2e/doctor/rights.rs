//! Users who may do little, and the guard.

use std::fmt::Write as _;

use end_to_end::{Cluster, Namespace, Output, Rule, about, findings, fixture, test, wait_for};

use super::doctor;
use crate::{guard::Shop, shop::DEV};

/// The commands that a user may not run, and what they lack.
fn refused(output: &Output) -> String {
    let report = output.json();
    let mut lines = String::new();
    for one in report["permissions"].as_array().unwrap() {
        let missing = one["missing"].as_array().map(Vec::as_slice).unwrap_or_default();
        let missing: Vec<&str> = missing.iter().filter_map(serde_json::Value::as_str).collect();
        let may = if one["may"] == true { "may" } else { "may not" };
        let _ = writeln!(lines, "{}: {may} {}", one["command"], missing.join("; "));
    }
    Cluster::shared().redaction().apply(&lines)
}

#[test]
fn what_a_reader_lacks_is_named() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.plugin(["capture", "rel-42", "--from", "-"]).stdin(fixture(DEV)).succeeds();
    let read = Rule { group: "", resources: &["configmaps"], verbs: &["get", "list"] };
    dev.allow_in_store("reader", &[read]);
    let report = wait_for("the role", || {
        let report = doctor(&dev, "").as_user("reader").run();
        (report.exit == 0).then_some(report)
    });
    insta::assert_snapshot!("reader", findings(&report));
    insta::assert_snapshot!("reader_may", refused(&report));
}

#[test]
fn who_may_nothing_is_told_that_first() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.plugin(["capture", "rel-42", "--from", "-"]).stdin(fixture(DEV)).succeeds();
    let report = doctor(&dev, "").as_user("nobody").exits(1);
    insta::assert_snapshot!("nobody", findings(&report));
    let may = |one: &serde_json::Value| one["may"] == true;
    assert!(!report.json()["permissions"].as_array().unwrap().iter().any(may));
}

#[test]
fn the_guard_is_seen_by_administrators_and_developers() {
    let shop = Shop::guarded();
    for user in ["admin", "developer"] {
        let report = doctor(&shop.place, "").as_user(user).succeeds();
        assert!(about(&report, "guard").contains("it is in force"), "{}", findings(&report));
    }
    let report = doctor(&shop.place, "").as_user("developer").succeeds();
    insta::assert_snapshot!("guarded_developer", refused(&report));
    let reader = doctor(&shop.place, "").as_user("reader").succeeds();
    assert!(about(&reader, "guard").contains("may not see"), "{}", findings(&reader));
    // Without its binding nothing enforces it.
    let binding = format!("kubectl-snapshot-guard.{}", shop.place.store());
    let delete = ["delete", "validatingadmissionpolicybinding", &binding];
    shop.place.cluster().kubectl(delete).succeeds();
    wait_for("the guard to end", || {
        let report = doctor(&shop.place, "").run();
        (report.exit == 1 && about(&report, "guard").contains("not in force")).then_some(())
    });
}
