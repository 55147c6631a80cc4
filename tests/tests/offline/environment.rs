//! Settings of a team in the environment.

use end_to_end::{Invocation, TestEnvironment, test};

#[test]
fn colour_is_a_choice_too() {
    let environment = TestEnvironment::new();
    let refused = |plugin: Invocation| plugin.exits(1).stderr.contains('\u{1b}');
    let get = || {
        let get = environment.plugin(["get", "rel-42"]);
        get.env("KUBECTL_SNAPSHOT_STORE_DIR", "snapshots")
    };
    assert!(refused(get().env("KUBECTL_SNAPSHOT_COLOR", "always")));
    assert!(!refused(get()));
}
