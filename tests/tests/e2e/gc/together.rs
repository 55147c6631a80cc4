//! While others work on the same store, or somebody has had enough.

use end_to_end::{Cluster, Namespace, fixture, test, wait_for};
use serde_json::{Value, json};

use super::{all_load, capture, chunks};
use crate::shop::DEV;

#[test]
fn no_snapshot_breaks_that_is_stored_meanwhile() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    capture(&qa, "base", &fixture(DEV));
    let set =
        |number: usize| fixture(DEV).replace("shop/tax:1.3.9", &format!("shop/tax:1.{number}.0"));
    for round in 0..4 {
        // What these leave is garbage that the next ones would share.
        capture(&qa, &format!("gone-{round}"), &set(round));
        qa.plugin(["delete", &format!("gone-{round}")]).succeeds();
        let gc = qa.plugin(["gc", "--grace", "0s"]).start();
        let name = format!("rel-{round}");
        let again = ["capture", name.as_str(), "--from", "-"];
        let other = qa.plugin(["tag", "base", &format!("base-{round}")]).start();
        // Without a grace period it may be told to repeat, and is never half there.
        qa.plugin(again).stdin(set(round)).run();
        other.finish();
        assert_eq!(gc.finish().exit, 0);
        all_load(&qa);
    }
}

/// The head was on its way while its chunks went: a moment that has to be met.
#[test]
fn what_somebody_refers_to_by_now_is_put_back() {
    const ROUNDS: usize = 20;
    let qa = Namespace::new(Cluster::shared(), "qa");
    let kubectl = |words: &[&str]| qa.cluster().kubectl(words.iter().copied());
    for _ in 0..ROUNDS {
        capture(&qa, "rel-41", &fixture(DEV));
        let label = "kubectl-snapshot.dev/part=snapshot";
        let head = ["get", "configmaps", "-n", qa.store(), "-l", label, "-o", "json"];
        let mut head: Value = serde_json::from_str(&kubectl(&head).succeeds().stdout).unwrap();
        for of_the_server in ["uid", "resourceVersion", "creationTimestamp"] {
            let metadata = head["items"][0]["metadata"].as_object_mut().unwrap();
            metadata.remove(of_the_server).unwrap();
        }
        qa.plugin(["delete", "rel-41"]).succeeds();
        let gc = qa.plugin(["gc", "--grace", "0s", "-o", "json"]).start();
        wait_for("the chunks to go", || chunks(&qa).is_empty().then_some(()));
        let met = gc.held_up(|| {
            let create = kubectl(&["create", "-n", qa.store(), "-f", "-"]);
            create.stdin(head.to_string()).succeeds();
        });
        let output = gc.finish();
        assert_eq!(output.exit, 0, "{}", output.transcript());
        if met && !chunks(&qa).is_empty() {
            let report: Value = serde_json::from_str(&output.stdout).unwrap();
            assert_eq!(report["chunks"], json!([]), "{}", output.transcript());
            qa.plugin(["get", "rel-41", "-o", "json"]).succeeds();
            qa.plugin(["diff", "rel-41", "-"]).stdin(fixture(DEV)).succeeds();
            return;
        }
        // It had looked already. Nobody else captures: its chunks are gone for good.
        qa.plugin(["delete", "rel-41"]).succeeds();
    }
    panic!("in {ROUNDS} rounds gc was never met between deleting and looking again");
}

#[test]
fn ctrl_c_ends_it_in_good_order() {
    const LITTER: usize = 200;
    let qa = Namespace::new(Cluster::shared(), "qa");
    capture(&qa, "rel-41", &fixture(DEV));
    let kept = chunks(&qa).len();
    let chunk = |number: usize| {
        json!({
            "apiVersion": "v1", "kind": "ConfigMap", "immutable": true,
            "metadata": {
                "name": format!("chunk.{number:064x}"),
                "labels": {"kubectl-snapshot.dev/part": "chunk"},
            },
            "binaryData": {"chunk": "AAAA"},
        })
    };
    let litter: Vec<_> = (0..LITTER).map(chunk).collect();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": litter});
    let create = qa.cluster().kubectl(["create", "-n", qa.store(), "-f", "-"]);
    create.stdin(list.to_string()).succeeds();
    let gc = qa.plugin(["gc", "--grace", "0s"]).start();
    wait_for("the first to go", || (chunks(&qa).len() < LITTER + kept).then_some(()));
    gc.interrupt();
    let output = gc.finish();
    assert_eq!(output.exit, 130, "{}", output.transcript());
    assert!(output.stdout.contains(" chunks deleted, "), "{}", output.transcript());
    assert!(output.stderr.contains("the next gc deletes them"), "{}", output.transcript());
    let left = chunks(&qa).len();
    assert!(left > kept && left < LITTER + kept, "{left}");
    qa.plugin(["gc", "--grace", "0s"]).succeeds();
    assert_eq!(chunks(&qa).len(), kept);
    all_load(&qa);
}
