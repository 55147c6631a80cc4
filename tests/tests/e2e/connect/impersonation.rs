//! Impersonation: `--as` and `--as-group`.

use end_to_end::test;

use super::with_snapshot;

#[test]
fn the_server_sees_whom_one_acts_as() {
    let dev = with_snapshot();
    insta::assert_snapshot!(dev.plugin(["list", "--as", "anna"]).run(), @r#"
    $ kubectl snapshot list --as anna
    exit: 1
    -- stderr --
    Error from server (Forbidden): configmaps is forbidden: User "anna" cannot list resource "configmaps" in API group "" in the namespace "[store]"; ask for a role with the verb list on configmaps in namespace [store]
    "#);
    let masters = ["--as", "anna", "--as-group", "system:masters"];
    dev.plugin(["list"].into_iter().chain(masters)).succeeds();
    let capture = ["capture", "rel-42", "--from", "-"].into_iter().chain(masters);
    dev.plugin(capture).stdin(end_to_end::fixture(crate::shop::DEV)).succeeds();
    let author = dev.plugin(["get", "rel-42", "-o", "jsonpath={.metadata.author}"]).succeeds();
    assert_eq!(author.stdout.trim_end(), "anna");
    // Several groups are all sent.
    let groups = ["--as", "anna", "--as-group", "a", "--as-group", "system:masters"];
    dev.plugin(["list"].into_iter().chain(groups)).succeeds();
    // Who may not impersonate is told so, by the server.
    let refused = dev.plugin(["list", "--as", "anna"]).as_user("reader").exits(1);
    let stderr = &refused.stderr;
    assert!(stderr.starts_with("Error from server (Forbidden): "), "{stderr}");
    assert!(stderr.contains("User \"reader\" cannot impersonate"), "{stderr}");
    // A role to list would not help.
    assert!(!stderr.contains("ask for a role"), "{stderr}");
}
