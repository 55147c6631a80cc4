//! Connections that break: what was asked is asked again, and what was written is known.

use end_to_end::{ApiRequest, Cluster, Fault, FaultyApiServer, Namespace, fixture, test};

use crate::{
    promote::Stages,
    shop::{self, DEV, PROD},
};

#[test]
fn a_promotion_whose_every_write_loses_its_answer_is_what_it_says() {
    let stages = Stages::new();
    stages.succeeds("promote rel-42 --to dev --yes");
    let lossy = FaultyApiServer::once_each(stages.dev.cluster(), Fault::Lost, ApiRequest::writes);
    let promote = stages.plugin("promote rel-42 --to qa --yes -o json").through(&lossy).succeeds();
    let report = promote.json();
    assert_eq!(report["applied"]["outcome"], "applied", "{}", promote.transcript());
    assert_eq!(report["applied"]["failed"], serde_json::Value::Null, "{}", promote.transcript());
    stages.succeeds("history --verify");
    let history = stages.succeeds("history qa -o json").json();
    assert_eq!(history["items"].as_array().unwrap().len(), 2, "no record was written twice");
    assert_eq!(history["items"][0]["result"], "succeeded");
    // The lock was given back.
    stages.succeeds("promote rel-42 --to qa --yes");
    stages.succeeds("rollback qa --yes --reason back");
}

#[test]
fn writes_that_never_arrived_are_made_again() {
    let stages = Stages::new();
    // Questions about the caller's rights are asked by POST as well.
    let broken = FaultyApiServer::once_each(stages.dev.cluster(), Fault::Dropped, |request| {
        request.method != "GET"
    });
    stages.plugin("promote rel-42 --to dev --yes").through(&broken).succeeds();
    stages.succeeds("history --verify");
}

#[test]
fn what_is_read_is_read_again() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    shop::fill(&dev, &fixture(DEV));
    let broken = FaultyApiServer::once_each(dev.cluster(), Fault::Dropped, |request| {
        request.method == "GET" && !request.target.contains("watch=")
    });
    dev.plugin(["capture", "rel-42"]).through(&broken).succeeds();
    dev.plugin(["diff", "rel-42", "live"]).through(&broken).succeeds();
    let proxy = FaultyApiServer::once_each(dev.cluster(), Fault::Status(502), |request| {
        request.method == "GET"
    });
    dev.plugin(["list"]).through(&proxy).succeeds();
    // A server that is gone for good is told, and soon.
    let gone = FaultyApiServer::new(dev.cluster(), |_| Some(Fault::Dropped));
    let told = dev.plugin(["list"]).through(&gone).exits(1);
    assert!(told.stderr.contains("Unable to connect"), "{}", told.transcript());
}

#[test]
fn chunks_and_heads_whose_answers_are_lost_are_stored_once() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    shop::fill(&dev, &fixture(DEV));
    let lossy = FaultyApiServer::once_each(dev.cluster(), Fault::Lost, ApiRequest::writes);
    let run = |line: &str| dev.plugin(line.split_whitespace()).through(&lossy);
    run("capture rel-42").succeeds();
    run("evidence add rel-42 --name e2e --passed").succeeds();
    run("variables set dev A=b").succeeds();
    run("stage set dev --at dev --variables dev").succeeds();
    run("tag rel-42 released").succeeds();
    run("delete released").succeeds();
    dev.plugin(["diff", "rel-42", "live"]).succeeds();
    let facts = dev.plugin(["evidence", "list", "rel-42", "-o", "json"]).succeeds().json();
    assert_eq!(facts["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_snapshot_that_somebody_else_changes_meanwhile_is_a_conflict() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    shop::fill(&dev, &fixture(DEV));
    dev.plugin(["capture", "rel-42", "--from", "-"]).stdin(fixture(PROD)).succeeds();
    let overtaken = FaultyApiServer::new(dev.cluster(), |request| {
        (request.method == "PUT").then_some(Fault::Status(409))
    });
    let forced = dev.plugin(["capture", "rel-42", "--force"]).through(&overtaken).exits(5);
    assert!(forced.stderr.contains("has been changed by somebody else"), "{}", forced.stderr);
    dev.plugin(["capture", "rel-42"]).exits(5);
}
