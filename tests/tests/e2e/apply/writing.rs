//! Writes of an apply: to which objects, and what stays as it was.

use end_to_end::{Cluster, Namespace, fixture, test};
use serde_json::json;

use super::{JOURNAL, assert_untouched, every_write, writes};
use crate::shop::{self, DEV, PROD};

#[test]
fn what_is_missing_is_created() {
    let fresh = Namespace::new(Cluster::shared(), "fresh");
    let apply = fresh.plugin(["apply", "-", "--yes"]).stdin(fixture(PROD));
    insta::assert_snapshot!("created", apply.exits(0));
    fresh.plugin(["diff", "-"]).stdin(fixture(PROD)).exits(0);
    // How many there are belongs to the place; here nobody has said so yet.
    let replicas = "jsonpath={.items[*].spec.replicas}";
    let replicas = fresh.kubectl(["get", "deployments", "-o", replicas]).succeeds().stdout;
    assert_eq!(replicas, "1 1 1 1");
    insta::assert_snapshot!("created_writes", writes(&fresh).join("\n"));
}

#[test]
fn one_difference_is_one_write_under_a_lock() {
    let prod = shop::running("prod", &fixture(PROD));
    let newer = fixture(PROD).replace("shop/pricing:2.1.0", "shop/pricing:2.1.1");
    let apply = prod.plugin(["apply", "-", "--yes", "--wait=false"]).stdin(newer);
    insta::assert_snapshot!("one", apply.exits(0));
    let holder = "jsonpath={.spec.holderIdentity}";
    let holder = prod.kubectl(["get", "lease", "kubectl-snapshot", "-o", holder]).succeeds();
    assert_eq!(holder.stdout, "", "the lock was given back");
    let writes = every_write(&prod);
    let lock = |write: &String| write.contains(" leases ");
    assert!(writes.first().is_some_and(lock) && writes.last().is_some_and(lock), "{writes:?}");
    let others: Vec<_> = writes.iter().filter(|write| !lock(write)).collect();
    let [kept, patched, forgotten] = others.as_slice() else { panic!("{others:?}") };
    assert!(kept.starts_with(&format!("create{JOURNAL}")), "{kept}");
    assert_eq!(*patched, "patch deployments pricing");
    assert!(forgotten.starts_with(&format!("delete{JOURNAL}")), "{forgotten}");
}

#[test]
fn what_other_tools_put_on_objects_stays() {
    let prod = shop::running("prod", &fixture(PROD));
    let annotations = [
        "argocd.argoproj.io/tracking-id=shop:apps/Deployment",
        "kubernetes.io/change-cause=ticket-7",
    ];
    for annotation in annotations {
        prod.kubectl(["annotate", "deployment/pricing", annotation]).succeeds();
    }
    prod.kubectl(["label", "deployment/pricing", "kustomize.toolkit.fluxcd.io/name=shop"])
        .succeeds();
    prod.kubectl(["rollout", "restart", "deployment/pricing"]).succeeds();
    prod.wait_rollouts();
    // None of that is a difference of the set.
    prod.plugin(["diff", "-"]).stdin(fixture(PROD)).exits(0);

    let newer = fixture(PROD).replace("shop/pricing:2.1.0", "shop/pricing:2.1.1");
    prod.plugin(["apply", "-", "--yes"]).stdin(newer).exits(0);
    let pricing = prod.kubectl(["get", "deployment", "pricing", "-o", "json"]).succeeds().json();
    let marks = &pricing["metadata"]["annotations"];
    assert_eq!(marks["argocd.argoproj.io/tracking-id"], "shop:apps/Deployment");
    assert_eq!(marks["kubernetes.io/change-cause"], "ticket-7");
    assert!(marks["kubectl.kubernetes.io/last-applied-configuration"].is_string());
    assert_eq!(pricing["metadata"]["labels"]["kustomize.toolkit.fluxcd.io/name"], "shop");
    assert_eq!(pricing["spec"]["replicas"], 2);
    let template = &pricing["spec"]["template"];
    assert_eq!(template["spec"]["containers"][0]["image"], "registry.example/shop/pricing:2.1.1");
    assert!(template["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"].is_string());
}

#[test]
fn a_dry_run_writes_nothing() {
    let prod = shop::running("prod", &fixture(PROD));
    let wanted = fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1");
    let apply = |arguments: &[&str]| {
        let command = ["apply", "-"].into_iter().chain(arguments.iter().copied());
        prod.plugin(command).stdin(wanted.clone())
    };
    insta::assert_snapshot!("dry_client", apply(&["--dry-run=client"]).exits(0));
    let plan = apply(&["--dry-run=client", "-o", "json"]).exits(0).json();
    assert_eq!(plan["kind"], "Plan");
    assert_eq!(plan["steps"].as_array().unwrap().len(), 7);
    assert_untouched(&prod);

    insta::assert_snapshot!("dry_server", apply(&["--dry-run=server"]).exits(0));
    prod.plugin(["diff", "-"]).stdin(fixture(PROD)).exits(0);
    let tried = every_write(&prod);
    assert_eq!(tried.len(), 7);
    assert!(tried.iter().all(|write| write.ends_with("(dry run)")), "{tried:?}");
}

/// The plan says so before, and the end is no worse for it.
#[test]
fn what_runs_beside_the_set_is_left_alone() {
    let prod = shop::running("prod", &fixture(PROD));
    let copy = ["create", "deployment", "debug", "--image=registry.example/tools/debug:1.0.0"];
    prod.kubectl(copy).succeeds();
    prod.wait_rollouts();
    let newer = fixture(PROD).replace("shop/pricing:2.1.0", "shop/pricing:2.1.1");
    let apply = |output: &str| {
        prod.plugin(["apply", "-", "--yes", "-o", output]).stdin(newer.clone()).exits(0)
    };
    insta::assert_snapshot!("beside", apply("table"));
    let settled = apply("json").json();
    assert_eq!(settled["outcome"], "unchanged", "{settled}");
    prod.kubectl(["get", "deployment", "debug"]).succeeds();
}

#[test]
fn json_holds_what_was_done() {
    let prod = shop::running("prod", &fixture(PROD));
    let newer = fixture(PROD)
        .replace("shop/pricing:2.1.0", "shop/pricing:2.1.1")
        .replace("minutes: 20", "minutes: 25");
    let apply = || prod.plugin(["apply", "-", "--yes", "-o", "json"]).stdin(newer.clone());
    let report = apply().exits(0).json();
    assert_eq!(report["kind"], "ApplyReport");
    assert_eq!(report["outcome"], "applied");
    let written = json!([
        {"kind": "ConfigMap", "name": "cart-config", "write": "changed"},
        {"kind": "Deployment", "name": "pricing", "write": "changed"},
    ]);
    assert_eq!(report["written"], written);
    let rollouts = json!([{"kind": "Deployment", "name": "pricing", "state": "done"}]);
    assert_eq!(report["rollouts"], rollouts);
    let left = report["remaining"]["summary"].as_object().unwrap();
    assert!(left.values().all(|count| *count == 0), "{left:?}");

    let again = apply().exits(0).json();
    assert_eq!(again["outcome"], "unchanged");
    assert_eq!(again["written"], json!([]));
}
