//! Evidence in a directory.

use end_to_end::{DEV, TestEnvironment, fixture, test};

#[test]
fn a_directory_holds_evidence_too() {
    let environment = TestEnvironment::new();
    environment.write("shop.yaml", fixture(DEV));
    let plugin = |line: &str| environment.plugin(line.split(' ')).env("USER", "ada");
    plugin("capture rel-42 --from ./shop.yaml --store ./store").succeeds();
    plugin("evidence add rel-42 --name e2e --passed --store ./store").succeeds();
    let listed = plugin("evidence list rel-42 --store ./store -o json").succeeds().json();
    assert_eq!(listed["items"][0]["actor"], "ada");
    let anonymous =
        plugin("evidence add rel-42 --name e2e --passed --store ./store").env("USER", "");
    insta::assert_snapshot!("anonymous", anonymous.run());
}
