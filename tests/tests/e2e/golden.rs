//! ConfigMaps of a store, as version 0.1.0 wrote them.

use end_to_end::{Cluster, GOLDEN, Namespace, assert_reads_golden, fixture, test};

#[test]
fn a_golden_store_is_read_and_its_decisions_are_made_again() {
    let place = Namespace::new(Cluster::shared(), "golden");
    place.cluster().kubectl(["create", "namespace", place.store()]).succeeds();
    let create = ["create", "-n", place.store(), "-f", "-"];
    let golden = fixture(&format!("{GOLDEN}/config-maps.json"));
    place.cluster().kubectl(create).stdin(golden).succeeds();
    assert_reads_golden(|line| place.plugin(line.split_whitespace()));
    for record in ["dev/1", "prod/1"] {
        let replay = place.plugin(["policy", "run", "--replay", record]).succeeds();
        assert!(replay.stdout.contains("SAME"), "{}", replay.transcript());
    }
}
