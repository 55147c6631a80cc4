//! Stores that somebody has been at.

use end_to_end::{Cluster, Namespace, about, findings, fixture, test};
use serde_json::json;

use super::doctor;
use crate::{
    promote::Stages,
    shop::{DEV, PROD},
};

fn in_store(place: &Namespace, line: &str) -> end_to_end::Output {
    let words = line.split_whitespace().chain(["-n", place.store()]);
    place.cluster().kubectl(words).succeeds()
}

fn capture(place: &Namespace, name: &str, manifests: &str) {
    place.plugin(["capture", name, "--from", "-"]).stdin(manifests).succeeds();
}

#[test]
fn broken_parts_are_named_each() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    capture(&qa, "rel-41", &fixture(PROD));
    let chunks = "get configmaps -l kubectl-snapshot.dev/part=chunk -o name";
    let first = in_store(&qa, chunks).stdout;
    in_store(&qa, &format!("delete {}", first.lines().next().unwrap()));
    capture(&qa, "rel-42", &fixture(DEV));
    in_store(&qa, r#"patch configmap snapshot.rel-42 --type=merge -p {"data":{"chunks":null}}"#);
    qa.plugin(["variables", "set", "qa", "A=b"]).succeeds();
    qa.plugin(["stage", "set", "qa", "--at", "qa", "--variables", "qa"]).succeeds();
    qa.plugin(["policy", "add", "semver-major", "--name", "ours", "--stage", "prod", "--force"])
        .succeeds();
    in_store(&qa, r#"patch configmap stages.qa --type=merge -p {"data":{"after":"dev"}}"#);
    in_store(&qa, "delete configmap variables.qa");
    qa.plugin(["evidence", "add", "rel-41", "--name", "e2e", "--passed", "--at", "qa"]).succeeds();
    let evidence = "get configmaps -l kubectl-snapshot.dev/part=evidence -o json";
    let mut fact = in_store(&qa, evidence).json()["items"][0].clone();
    in_store(&qa, "delete configmaps -l kubectl-snapshot.dev/part=evidence");
    fact["data"]["outcome"] = json!("failed");
    let metadata = fact["metadata"].as_object_mut().unwrap();
    metadata.retain(|member, _| matches!(member.as_str(), "name" | "namespace" | "labels"));
    qa.cluster().kubectl(["create", "-f", "-"]).stdin(fact.to_string()).succeeds();
    insta::assert_snapshot!("broken_parts", findings(&doctor(&qa, "").exits(1)));
    insta::assert_snapshot!("problems_by_name", qa.plugin(["doctor", "-o", "name"]).exits(1));
}

#[test]
fn garbage_is_counted() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    capture(&qa, "rel-41", &fixture(PROD));
    capture(&qa, "rel-42", &fixture(DEV));
    qa.plugin(["delete", "rel-42"]).succeeds();
    insta::assert_snapshot!("garbage", about(&doctor(&qa, "").succeeds(), "garbage"));
    qa.plugin(["gc", "--grace", "0s"]).succeeds();
    insta::assert_snapshot!("no_garbage", about(&doctor(&qa, "").succeeds(), "garbage"));
}

#[test]
fn records_that_are_not_whole_and_decisions_without_an_end() {
    let stages = Stages::new();
    stages.succeeds("promote rel-42 --to dev --yes");
    stages.succeeds("promote rel-42 --to dev --yes");
    let dev = &stages.dev;
    in_store(dev, "delete configmap records.dev.000002");
    let report = doctor(dev, "").exits(1);
    insta::assert_snapshot!("hole", about(&report, "records"));
    assert_eq!(about(&report, "unfinished"), "", "a later promotion has ended");

    // As if whoever promoted had been killed after the decision.
    in_store(dev, "delete configmap records.dev.000004");
    let report = doctor(dev, "").exits(1);
    let open = about(&report, "unfinished");
    assert!(open.contains("record dev/3 let rel-42 through"), "{open}");
}

#[test]
fn whoever_holds_the_lock_is_named() {
    let stages = Stages::new();
    let dev = &stages.dev;
    let now = "2999-01-01T00:00:00.000000Z";
    let lease = json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
        "metadata": {"name": "kubectl-snapshot", "namespace": stages.qa_name()},
        "spec": {
            "holderIdentity": "anna@laptop/1", "leaseDurationSeconds": 60,
            "acquireTime": now, "renewTime": now,
        },
    });
    dev.cluster().kubectl(["create", "-f", "-"]).stdin(lease.to_string()).succeeds();
    let found = about(&doctor(dev, "").succeeds(), "unfinished");
    assert!(found.contains("is being changed by anna@laptop/1"), "{found}");
}
