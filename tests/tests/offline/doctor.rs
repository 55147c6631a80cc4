//! Findings of the doctor where there is no cluster.

use end_to_end::{DEV, TestEnvironment, about, findings, fixture, test};

#[test]
fn without_a_cluster_it_looks_at_the_rest() {
    let environment = TestEnvironment::new();
    let plugin = |line: &str| environment.plugin(line.split_whitespace());
    insta::assert_snapshot!("no_cluster", findings(&plugin("doctor -o json").exits(1)));
    plugin("capture rel-42 --from - --store store").stdin(fixture(DEV)).succeeds();
    let files = plugin("doctor --store store -o json");
    insta::assert_snapshot!("no_cluster_and_files", findings(&files.succeeds()));
    environment.write("store/stages/qa.json", "{\"namespace\": \"qa\", \"after\": \"dev\"}");
    environment.write("store/policies/ours.json", "half of it");
    let broken = plugin("doctor --store store -o json").exits(1);
    insta::assert_snapshot!("broken_files", findings(&broken));
    let unreachable = plugin("doctor -o json --server https://127.0.0.1:1").exits(1);
    assert!(about(&unreachable, "cluster").starts_with("problem cluster: "), "{unreachable}");
}
