//! The look after the writes: what runs is something else, or cannot be seen.

use std::time::Duration;

use end_to_end::{
    Cluster, Fault, FaultyApiServer, Folder, Mutation, Namespace, fixture, test, wait_for,
};
use serde_json::json;

use super::failing::HOMELESS;
use crate::shop::{self, PROD};

/// Production with one newer image and one newer ConfigMap.
fn newer() -> String {
    fixture(PROD)
        .replace("shop/pricing:2.1.0", "shop/pricing:2.1.1")
        .replace("minutes: 20", "minutes: 25")
}

#[test]
fn something_else_that_runs_has_an_exit_code_of_its_own() {
    let prod = shop::running("prod", &fixture(PROD));
    let _mutation = Mutation::of_grace_period(&prod, "pricing");
    let apply = |image: &str, output: &str| {
        let wanted = fixture(PROD).replace("shop/pricing:2.1.0", image);
        prod.plugin(["apply", "-", "--yes", "-o", output]).stdin(wanted).exits(8)
    };
    insta::assert_snapshot!("different", apply("shop/pricing:2.1.1", "table"));
    let report = apply("shop/pricing:2.1.2", "json").json();
    assert_eq!(report["outcome"], "different");
    assert_eq!(report["verification"], json!({"state": "different"}));
    assert_eq!(report["remaining"]["summary"]["fields"], 1, "{report}");
}

#[test]
fn what_was_written_is_told_where_the_look_afterwards_fails() {
    let prod = shop::running("prod", &fixture(PROD));
    let apply = |output: &str, wanted: String| {
        let here = prod.name().to_owned();
        let server = FaultyApiServer::after_the_first_patch(
            prod.cluster(),
            Fault::Status(500),
            // Rollouts are seen to end; what runs is not seen.
            move |request| request.lists(&here, "services"),
        );
        let apply = prod.plugin(["apply", "-", "--yes", "-o", output]).stdin(wanted);
        apply.through(&server).exits(8)
    };
    insta::assert_snapshot!("unverified", apply("table", newer()));
    let report = apply("json", fixture(PROD)).json();
    assert_eq!(report["outcome"], "unverified");
    assert_eq!(report["verification"]["state"], "unknown");
    let reason = report["verification"]["reason"].as_str().unwrap();
    assert!(reason.contains("InternalError"), "{reason}");
    let written = json!([
        {"kind": "ConfigMap", "name": "cart-config", "write": "changed"},
        {"kind": "Deployment", "name": "pricing", "write": "changed"},
    ]);
    assert_eq!(report["written"], written);
    assert_eq!(report["rollouts"][0]["state"], "done");
    // All of it was written: the next look finds nothing to do.
    let again = prod.plugin(["apply", "-", "--yes", "-o", "json"]).stdin(fixture(PROD));
    assert_eq!(again.exits(0).json()["outcome"], "unchanged");
}

#[test]
fn what_was_written_is_told_where_the_credentials_end_during_the_rollout() {
    let prod = shop::running("prod", &fixture(PROD));
    let here = prod.name().to_owned();
    let server = FaultyApiServer::after_the_first_patch(
        prod.cluster(),
        Fault::Status(401),
        move |request| request.lists(&here, "deployments"),
    );
    let apply = prod.plugin(["apply", "-", "--yes", "-o", "json"]).stdin(newer());
    let report = apply.through(&server).exits(8).json();
    assert_eq!(report["outcome"], "unverified");
    let rollouts = json!([{"kind": "Deployment", "name": "pricing", "state": "unknown"}]);
    assert_eq!(report["rollouts"], rollouts);
    assert_eq!(report["written"].as_array().unwrap().len(), 2);
    let reason = report["verification"]["reason"].as_str().unwrap();
    assert!(reason.contains("Unauthorized"), "{reason}");
}

#[test]
fn a_lock_that_somebody_else_has_taken_stops_it_and_is_told() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let folder = Folder::new(Cluster::shared());
    folder.write("homeless.yaml", HOMELESS);
    let apply = ["apply", "./homeless.yaml", "--yes", "--timeout", "90s", "-o", "json"];
    let apply = dev.plugin(apply).current_dir(folder.path());
    let apply = apply.timeout(Duration::from_mins(2)).start();
    let holder = "jsonpath={.spec.holderIdentity}";
    // It waits for a rollout that never ends once the write is made.
    wait_for("the write", || {
        let written = dev.kubectl(["get", "deployment", "homeless"]).run().exit == 0;
        let lease = dev.kubectl(["get", "lease", "kubectl-snapshot", "-o", holder]).run();
        (written && !lease.stdout.is_empty()).then_some(())
    });
    let steal = r#"{"spec": {"holderIdentity": "eve@elsewhere/1"}}"#;
    let patch = ["patch", "lease", "kubectl-snapshot", "--type=merge", "-p", steal];
    dev.kubectl(patch).succeeds();
    let output = apply.finish();
    assert_eq!(output.exit, 5, "{}", output.transcript());
    let report = output.json();
    assert_eq!(report["outcome"], "stopped");
    assert_eq!(report["interruption"], "someone else has taken the lock of the namespace");
    assert_eq!(report["written"][0]["name"], "homeless");
    assert_eq!(report["rollouts"][0]["state"], "stopped");
    let after = dev.kubectl(["get", "lease", "kubectl-snapshot", "-o", holder]).succeeds();
    assert_eq!(after.stdout, "eve@elsewhere/1", "the lock of another is left alone");
}
