//! `--prune`: what this tool has created, and the set lacks, is removed; nothing else is.

use end_to_end::{Cluster, Fault, FaultyApiServer, Namespace, test};

use crate::shop::{self, PROD};
use end_to_end::fixture;

/// A Deployment and its ConfigMap beside the shop.
const SEARCH: &str = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: search}\ndata: {pages: '5'}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: search}\nspec:\n  selector: {matchLabels: {app: search}}\n  template:\n    metadata: {labels: {app: search}}\n    spec:\n      containers: [{name: search, image: 'registry.example/shop/search:1.0.0', envFrom: [{configMapRef: {name: search}}]}]\n";

/// The shop, with a service that this tool has created, and one that somebody else has.
fn running() -> Namespace {
    let prod = shop::running("prod", &fixture(PROD));
    prod.plugin(["apply", "-", "--yes"]).stdin(fixture(PROD) + SEARCH).succeeds();
    let debug = ["create", "deployment", "debug", "--image=registry.example/tools/debug:1.0.0"];
    prod.kubectl(debug).succeeds();
    prod.wait_rollouts();
    prod
}

fn there(place: &Namespace, name: &str) -> bool {
    place.kubectl(["get", "deployment", name]).run().exit == 0
}

#[test]
fn what_this_tool_has_created_goes_and_nothing_else() {
    let prod = running();
    let apply = |more: &'static [&str]| {
        let command = ["apply", "-", "--yes"].into_iter().chain(more.iter().copied());
        prod.plugin(command).stdin(fixture(PROD))
    };
    apply(&[]).succeeds();
    assert!(there(&prod, "search"), "without --prune it stays");
    insta::assert_snapshot!("prune_plan", apply(&["--prune", "--dry-run=client"]).succeeds());
    insta::assert_snapshot!("pruned", apply(&["--prune"]).succeeds());
    assert!(!there(&prod, "search") && there(&prod, "debug"));
    prod.kubectl(["get", "configmap", "search"]).exits(1);
}

#[test]
fn what_a_deployer_owns_by_now_stays() {
    let prod = running();
    let marks = ["meta.helm.sh/release-name=search", "meta.helm.sh/release-namespace=prod"];
    prod.kubectl(["annotate", "deployment/search"].into_iter().chain(marks)).succeeds();
    let apply = ["apply", "-", "--yes", "--prune"];
    let output = prod.plugin(apply).stdin(fixture(PROD)).succeeds();
    assert!(there(&prod, "search"), "{}", output.transcript());
    // Its pods would not start without it.
    let told = "ConfigMap search is left: Deployment search, which stays, reads it";
    assert!(output.stdout.contains(told), "{}", output.transcript());
    prod.kubectl(["get", "configmap", "search"]).succeeds();
}

#[test]
fn what_was_pruned_comes_back_where_the_rest_fails() {
    let prod = running();
    let server = FaultyApiServer::new(Cluster::shared(), |request| {
        let is_it = request.writes_by("DELETE") && request.target.contains("/configmaps/search");
        is_it.then_some(Fault::Status(500))
    });
    let apply = ["apply", "-", "--yes", "--prune"];
    prod.plugin(apply).stdin(fixture(PROD)).through(&server).exits(6);
    assert!(there(&prod, "search"));
    prod.plugin(["diff", "-"]).stdin(fixture(PROD) + SEARCH).exits(1);
}

#[test]
fn a_stage_removes_what_apply_has_created_there() {
    let prod = running();
    prod.plugin(["capture", "rel-41", "--from", "-"]).stdin(fixture(PROD)).succeeds();
    prod.plugin(["stage", "set", "prod", "--at", prod.name()]).succeeds();
    prod.plugin(["promote", "rel-41", "--to", "prod", "--yes"]).succeeds();
    assert!(there(&prod, "search"), "no record tells of it");
    prod.plugin(["promote", "rel-41", "--to", "prod", "--yes", "--prune"]).succeeds();
    assert!(!there(&prod, "search") && there(&prod, "debug"));
}
