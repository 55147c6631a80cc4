//! Records that somebody has been at.

use end_to_end::test;

use serde_json::{Value, json};

use super::Stages;

/// A record's ConfigMap, as the API server has it.
fn record(stages: &Stages, number: u64) -> Value {
    let name = format!("records.dev.{number:06}");
    let get = ["get", "configmap", &name, "-n", stages.dev.store(), "-o", "json"];
    stages.dev.cluster().kubectl(get).succeeds().json()
}

fn delete(stages: &Stages, name: &str) {
    let delete = ["delete", "configmap", name, "-n", stages.dev.store()];
    stages.dev.cluster().kubectl(delete).succeeds();
}

/// Deletes a record and writes another in its place: it is immutable.
fn rewrite(stages: &Stages, number: u64, change: impl Fn(&mut Value)) {
    let mut object = record(stages, number);
    delete(stages, object["metadata"]["name"].as_str().unwrap());
    let metadata = object["metadata"].as_object_mut().unwrap();
    metadata.retain(|member, _| matches!(member.as_str(), "name" | "namespace" | "labels"));
    change(&mut object);
    let create = stages.dev.cluster().kubectl(["create", "-f", "-"]);
    create.stdin(object.to_string()).succeeds();
}

fn edit(stages: &Stages, number: u64, from: &str, to: &str) {
    rewrite(stages, number, |object| {
        let text = object["data"]["record"].as_str().unwrap();
        assert!(text.contains(from), "{text}");
        object["data"]["record"] = json!(text.replace(from, to));
    });
}

#[test]
fn what_was_edited_taken_away_or_moved_is_named() {
    let stages = Stages::new();
    for _ in 0..3 {
        stages.succeeds("promote rel-42 --to dev --yes");
    }
    insta::assert_snapshot!("whole", stages.succeeds("history dev --verify"));
    let before = record(&stages, 3);

    edit(&stages, 3, "\"way\":\"promotion\"", "\"way\":\"rollback\"");
    insta::assert_snapshot!("edited", stages.plugin("history dev --verify").exits(1));
    insta::assert_snapshot!("said", stages.plugin("history dev").succeeds());
    let refused = stages.plugin("promote rel-42 --to dev --yes").exits(4);
    assert!(refused.stdout.contains("the records of dev cannot be trusted"), "{}", refused.stdout);

    rewrite(&stages, 3, |object| object["data"] = before["data"].clone());
    let text = |number: u64| record(&stages, number)["data"]["record"].clone();
    let (three, five) = (text(3), text(5));
    rewrite(&stages, 3, |object| object["data"]["record"] = five.clone());
    rewrite(&stages, 5, |object| object["data"]["record"] = three.clone());
    insta::assert_snapshot!("moved", stages.plugin("history dev --verify").exits(1));

    delete(&stages, "records.dev.000003");
    delete(&stages, "records.dev.000007");
    insta::assert_snapshot!("missing", stages.plugin("history dev --verify").exits(1));
}

#[test]
fn an_actor_whom_the_server_did_not_see_is_named() {
    let stages = Stages::new();
    stages.succeeds("promote rel-42 --to dev --yes");
    rewrite(&stages, 2, |object| object["data"]["actor"] = json!("eve"));
    insta::assert_snapshot!("actor", stages.plugin("history dev --verify").exits(1));
}

#[test]
fn an_anchor_holds_a_chain_that_was_written_anew() {
    let stages = Stages::new();
    stages.succeeds("promote rel-42 --to dev --yes");
    let history = stages.succeeds("history dev -o json").json();
    let digest = history["items"][0]["digest"].as_str().unwrap().to_owned();
    stages.succeeds(&format!("history dev --verify --anchor {digest}"));
    for name in ["records.dev.000001", "records.dev.000002", "chains.dev"] {
        delete(&stages, name);
    }
    stages.succeeds("promote rel-42 --to dev --yes");
    stages.succeeds("history dev --verify");
    insta::assert_snapshot!(
        "anchor",
        stages.plugin(&format!("history dev --verify --anchor {digest}")).exits(1)
    );
}

#[test]
fn nobody_is_accused_while_others_promote() {
    let stages = Stages::new();
    stages.succeeds("promote rel-42 --to dev --yes");
    let (verified, undecided) = std::thread::scope(|scope| {
        let busy = ["dev", "qa"].map(|stage| {
            let stages = &stages;
            scope.spawn(move || {
                let promote = || stages.plugin(&format!("promote rel-42 --to {stage} --yes")).run();
                (0..6).filter(|_| promote().exit == 4).count()
            })
        });
        let mut verified = 0;
        while busy.iter().any(|one| !one.is_finished()) {
            stages.succeeds("history --verify");
            verified += 1;
        }
        let undecided: usize = busy.map(|one| one.join().expect("it promotes")).iter().sum();
        (verified, undecided)
    });
    assert!(verified > 0);
    assert_eq!(undecided, 0, "of another stage nothing is missing either");
}
