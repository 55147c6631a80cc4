//! Differences of two sets, and the exit codes that pipelines branch on.

use std::path::Path;

use end_to_end::{Invocation, PROD, fixture, plugin, test};
use serde_json::json;

/// A run beside the shop's manifests, where there is no cluster.
fn offline<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Invocation {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/shop");
    plugin(arguments).current_dir(&shop)
}

#[test]
fn files_are_compared_without_a_cluster() {
    insta::assert_snapshot!("table", offline(["diff", "./prod.yaml", "./dev.yaml"]).exits(1));
    insta::assert_snapshot!(
        "markdown",
        offline(["diff", "./prod.yaml", "./dev.yaml", "-o", "markdown"]).exits(1)
    );
    insta::assert_snapshot!(
        "names",
        offline(["diff", "./prod.yaml", "./dev.yaml", "-o", "name"]).exits(1)
    );
    let by_stdin = offline(["diff", "-", "./prod.yaml"]).stdin(fixture(PROD)).exits(0);
    insta::assert_snapshot!("same", by_stdin);
    offline(["diff", "./dev.yaml", "-"]).stdin(fixture(PROD)).exits(1);
}

#[test]
fn json_holds_what_the_table_shows() {
    let diff = offline(["diff", "./prod.yaml", "./dev.yaml", "-o", "json"]).exits(1);
    assert_eq!(diff.stderr, "");
    let diff = diff.json();
    assert_eq!(diff["kind"], "Diff");
    assert_eq!(diff["summary"]["workloadsAdded"], 1);
    let instances = diff["instances"].as_array().unwrap();
    let find = |name: &str| instances.iter().find(|one| one["instance"] == name).unwrap();
    assert_eq!(find("cart")["images"][0]["order"], "newer");
    assert_eq!(find("web")["images"][0]["order"], "unknown");
    assert_eq!(find("cart-canary")["change"], "added");
    let names: Vec<_> = instances.iter().map(|one| &one["instance"]).collect();
    assert_eq!(json!(names), json!(["cart", "cart-canary", "report", "web"]));

    let same = offline(["diff", "./dev.yaml", "./dev.yaml", "-o", "json"]).exits(0).json();
    let counts = same["summary"].as_object().unwrap().values();
    assert!(counts.into_iter().all(|count| *count == 0), "{same}");
}

#[test]
fn a_team_looks_at_its_own_services() {
    let report = offline(["diff", "./prod.yaml", "./dev.yaml", "--service", "report"]).exits(1);
    insta::assert_snapshot!("one_service", report);
    let two = ["diff", "./prod.yaml", "./dev.yaml", "--service=web", "--service=cart", "-o=json"];
    let two = offline(two).exits(1).json();
    let whole = offline(["diff", "./prod.yaml", "./dev.yaml", "-o", "json"]).exits(1).json();
    assert_eq!(two["services"], json!(["cart", "web"]));
    assert_eq!((&two["from"], &two["to"]), (&whole["from"], &whole["to"]));
    let services = |diff: &serde_json::Value| {
        let instances = diff["instances"].as_array().unwrap().clone();
        instances.into_iter().filter(|one| one["service"] != "report").collect::<Vec<_>>()
    };
    assert_eq!(services(&two), services(&whole));
    let of_tax = offline(["diff", "./prod.yaml", "./dev.yaml", "--service", "tax"]).exits(1);
    assert!(of_tax.stdout.ends_with("\n~ tax-call  off → on\n"), "the flag needs tax: {of_tax}");
    offline(["diff", "./prod.yaml", "./dev.yaml", "--service", "pricing"]).exits(0);
    insta::assert_snapshot!(
        "no_such_service",
        offline(["diff", "./prod.yaml", "./dev.yaml", "--service", "taxx"]).exits(2)
    );
    insta::assert_snapshot!(
        "describe_service",
        offline(["describe", "./dev.yaml", "--service", "cart"]).succeeds()
    );
    offline(["describe", "./dev.yaml", "--service", "taxx"]).exits(1);
}

#[test]
fn every_error_is_more_than_one() {
    insta::assert_snapshot!("no_file", offline(["diff", "./prod.yaml", "./none.yaml"]).exits(2));
    insta::assert_snapshot!("no_cluster", offline(["diff", "./prod.yaml"]).exits(2));
    insta::assert_snapshot!("two_stdins", offline(["diff", "-", "-"]).exits(2));
    insta::assert_snapshot!("no_argument", offline(["diff"]).exits(2));
    insta::assert_snapshot!("no_format", offline(["diff", "-", "-", "-o", "jsom"]).exits(2));
    offline(["diff", "-", "./prod.yaml"]).stdin("{").exits(2);
}
