//! `init`, which only a cluster needs.

use end_to_end::{TestEnvironment, test};

#[test]
fn a_directory_needs_none() {
    let environment = TestEnvironment::new();
    let init = environment.plugin(["init", "--store", "snapshots"]);
    insta::assert_snapshot!("init_directory", init.exits(2));
    let format = environment.plugin(["init", "-o", "yaml"]).exits(2);
    assert!(format.stderr.contains("--dry-run"), "{}", format.transcript());
}
