//! Conditions under which nothing is deleted.

use end_to_end::{Cluster, Folder, HOSTILE_POLICY, Namespace, Rule, fixture, test};

use super::{capture, chunks};
use crate::shop::{DEV, PROD};

/// A store with garbage, and a bound policy.
fn littered() -> Namespace {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let folder = Folder::new(qa.cluster());
    folder.write("ours.wasm", &*HOSTILE_POLICY);
    let bind = r#"policy add ./ours.wasm --name ours --settings {"do":"say-all"}"#;
    qa.plugin(bind.split_whitespace()).current_dir(folder.path()).succeeds();
    capture(&qa, "rel-41", &fixture(PROD));
    capture(&qa, "rel-42", &fixture(DEV));
    qa.plugin(["delete", "rel-42"]).succeeds();
    qa
}

fn patch(qa: &Namespace, name: &str, patch: &str) {
    let patch = ["patch", "configmap", name, "-n", qa.store(), "--type=merge", "-p", patch];
    qa.cluster().kubectl(patch).succeeds();
}

#[test]
fn what_cannot_be_read_is_named_and_nothing_is_deleted() {
    let qa = littered();
    let all = chunks(&qa);
    let collect = || qa.plugin(["gc", "--grace", "0s"]).exits(1);

    let binding =
        ["get", "configmap", "policies.ours", "-n", qa.store(), "-o", "jsonpath={.data.chunks}"];
    let list = qa.cluster().kubectl(binding).succeeds().stdout;
    patch(&qa, "policies.ours", r#"{"data":{"chunks":"half of a list"}}"#);
    insta::assert_snapshot!("broken_binding", collect());
    patch(&qa, "policies.ours", &serde_json::json!({"data": {"chunks": list}}).to_string());

    let record = serde_json::json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {
            "name": "records.prod.000001",
            "labels": {"kubectl-snapshot.dev/part": "records", "kubectl-snapshot.dev/of": "prod"},
        },
        "data": {"record": "{}", "question.promotion.chunks": "1f3a"},
    });
    let create = qa.cluster().kubectl(["create", "-n", qa.store(), "-f", "-"]);
    create.stdin(record.to_string()).succeeds();
    insta::assert_snapshot!("broken_record", collect());
    let delete = ["delete", "configmap", "records.prod.000001", "-n", qa.store()];
    qa.cluster().kubectl(delete).succeeds();

    patch(&qa, "snapshot.rel-41", r#"{"data":{"chunks":null}}"#);
    insta::assert_snapshot!("broken_head", collect());
    qa.plugin(["gc", "--dry-run"]).exits(1);
    assert_eq!(chunks(&qa), all);

    // Deleting what is broken mends it.
    qa.plugin(["delete", "rel-41"]).succeeds();
    qa.plugin(["gc", "--grace", "0s"]).succeeds();
    qa.plugin(["policy", "inspect", "ours"]).succeeds();
}

#[test]
fn who_may_not_delete_deletes_nothing() {
    let qa = littered();
    let all = chunks(&qa);
    let read = Rule { group: "", resources: &["configmaps"], verbs: &["get", "list"] };
    qa.allow_in_store("reader", &[read]);
    // Looking is for everybody who may read.
    qa.plugin(["gc", "--grace", "0s", "--dry-run"]).as_user("reader").succeeds();
    let refused = qa.plugin(["gc", "--grace", "0s"]).as_user("reader").exits(1);
    assert!(refused.stderr.contains("cannot delete resource \"configmaps\""), "{}", refused.stderr);
    assert!(refused.stderr.contains("nothing was deleted"), "{}", refused.stderr);
    assert_eq!(chunks(&qa), all);
}
