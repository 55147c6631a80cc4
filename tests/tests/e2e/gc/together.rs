//! While others work on the same store, or somebody has had enough.

use end_to_end::{Cluster, Namespace, fixture, wait_for};
use serde_json::json;

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
