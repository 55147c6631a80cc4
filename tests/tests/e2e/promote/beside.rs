//! Histories that are verified while others promote to the same stage.

use std::{
    env,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use end_to_end::{Cluster, Namespace, test};

/// Promotions of the usual run; `KUBECTL_SNAPSHOT_TEST_PROMOTIONS=500` makes as many, beside twice
/// as many verifications.
const PROMOTIONS: usize = 4;

/// A ConfigMap is all that is promoted: nothing rolls out, so that promotions are quick.
fn set(version: usize) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: prices}}\ndata: {{vat: \"{version}\"}}\n"
    )
}

#[test]
#[expect(clippy::print_stdout, reason = "the counts are for whoever asks for more promotions")]
fn nobody_is_accused_while_others_promote() {
    let promotions = env::var("KUBECTL_SNAPSHOT_TEST_PROMOTIONS")
        .map_or(PROMOTIONS, |number| number.parse().expect("it is a number"));
    let prod = Namespace::new(Cluster::shared(), "prod");
    prod.kubectl(["create", "-f", "-"]).stdin(set(0)).succeeds();
    for (name, version) in [("one", 1), ("two", 2)] {
        prod.plugin(["capture", name, "--from", "-"]).stdin(set(version)).succeeds();
    }
    prod.plugin(["stage", "set", "prod", "--at", prod.name()]).succeeds();
    let begun = AtomicUsize::new(0);
    let verifications = thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..promotions {
                let name = ["one", "two"][number % 2];
                prod.plugin(["promote", name, "--to", "prod", "--yes"]).succeeds();
                begun.fetch_add(1, Ordering::Relaxed);
            }
        });
        let verifier = || {
            let mut count = 0;
            while count < promotions || begun.load(Ordering::Relaxed) < promotions {
                prod.plugin(["history", "--verify"]).succeeds();
                count += 1;
            }
            count
        };
        let verifiers = [scope.spawn(verifier), scope.spawn(verifier)];
        verifiers.map(|verifier| verifier.join().expect("no verification failed"))
    });
    let verified = verifications.iter().sum::<usize>();
    println!("{promotions} promotions, {verified} verifications, no alarm");
    let history = prod.plugin(["history", "prod", "-o", "json"]).succeeds().json();
    // Each is decided, and ends.
    assert_eq!(history["items"].as_array().map(Vec::len), Some(2 * promotions));
}
