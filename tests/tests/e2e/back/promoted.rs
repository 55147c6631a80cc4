//! Promotions that go back: their record, the history, and what the stage runs by them.

use end_to_end::{Cluster, Fault, FaultyApiServer, Namespace, test};

use super::{BROKEN, image, objects, running, services};

/// A stage that runs the first of two sets by its records, and the second of which is broken.
fn stage(second: &str) -> Namespace {
    let first = services(&[("cart", "1.0.0"), ("tax", "1.0.0"), ("old", "1.0.0")]);
    let prod = running("prod", &first);
    for (name, manifests) in [("one", first.as_str()), ("two", second)] {
        prod.plugin(["capture", name, "--from", "-"]).stdin(manifests).succeeds();
    }
    prod.plugin(["stage", "set", "prod", "--at", prod.name()]).succeeds();
    prod.plugin(["promote", "one", "--to", "prod", "--yes"]).succeeds();
    prod
}

#[test]
fn a_promotion_that_goes_back_leaves_the_stage_as_it_was() {
    let prod = stage(&services(&[("cart", "2.0.0"), ("tax", BROKEN), ("new", "1.0.0")]));
    let before = objects(&prod);
    let output = prod.plugin(["promote", "two", "--to", "prod", "--yes"]).exits(6);
    assert!(output.stdout.contains("ROLLED BACK"), "{}", output.transcript());
    assert_eq!(objects(&prod), before);
    insta::assert_snapshot!("history", prod.plugin(["history", "prod"]).succeeds());
    prod.plugin(["history", "prod", "--verify"]).succeeds();
    let digest = |reference: &str| {
        let path = "jsonpath={.metadata.digest}";
        prod.plugin(["get", reference, "-o", path]).succeeds().stdout
    };
    assert_eq!(digest("stage:prod"), digest("one"));
    let history = prod.plugin(["history", "prod", "-o", "json"]).succeeds().json();
    assert_eq!(history["items"][0]["result"], "failed", "as programs before this one read it");
    assert_eq!(history["items"][0]["verification"], "rolled-back");
}

#[test]
fn what_was_removed_is_there_again() {
    let prod = stage(&services(&[("cart", "2.0.0"), ("tax", "2.0.0")]));
    prod.kubectl(["scale", "deployment", "old", "--replicas=3"]).succeeds();
    prod.kubectl(["annotate", "deployment", "old", "team.example/owner=shop"]).succeeds();
    prod.wait_rollouts();
    let before = objects(&prod);
    // The Deployment goes, and then its ConfigMap does not.
    let server = FaultyApiServer::new(Cluster::shared(), |request| {
        let is_it = request.writes_by("DELETE") && request.target.contains("/configmaps/old-rates");
        is_it.then_some(Fault::Status(500))
    });
    let promote = ["promote", "two", "--to", "prod", "--yes", "-o", "json"];
    let output = prod.plugin(promote).through(&server).exits(6);
    let restored = &output.json()["applied"]["wayBack"]["restored"];
    let again = serde_json::json!({"kind": "Deployment", "name": "old", "write": "created"});
    assert!(restored.as_array().is_some_and(|all| all.contains(&again)), "{restored}");
    assert_eq!(objects(&prod), before);
}

/// A stage that a failed promotion has left half done is no state to go back to.
#[test]
fn a_stage_that_was_left_half_done_is_not_made_so_again() {
    let prod = stage(&services(&[("cart", "2.0.0"), ("tax", BROKEN), ("old", "1.0.0")]));
    let three = services(&[("cart", "3.0.0"), ("tax", BROKEN), ("old", "1.0.0")]);
    prod.plugin(["capture", "three", "--from", "-"]).stdin(three).succeeds();
    let promote = |set: &'static str| ["promote", set, "--to", "prod", "--yes"];
    prod.plugin(promote("two").into_iter().chain(["--no-rollback"])).exits(1);
    let again = prod.plugin(promote("three")).exits(1);
    let says = "record prod/3 has left prod half done: there is nothing to go back to";
    assert!(again.stderr.contains(says), "{}", again.transcript());
    assert!(image(&prod, "cart").ends_with(":3.0.0"));
    // What fails was not run there because it was found there.
    let stages = ["policy", "run", "promotion-ladder", "two", "--to", "prod", "-o", "json"];
    let asked = prod.plugin(stages).run();
    assert!(!asked.stdout.contains("ran at prod before"), "{}", asked.transcript());
    prod.plugin(["rollback", "prod", "--yes", "--reason", "two and three fail"]).succeeds();
    assert!(image(&prod, "cart").ends_with(":1.0.0"));
    // Whole again, it is a state to go back to.
    prod.plugin(promote("two")).exits(6);
}
