//! The version of this tool.

use super::{assert_text, at};
use crate::render::VersionReport;

#[test]
fn the_tool_says_what_it_is() {
    let platform = "linux/x86_64".to_owned();
    let report = VersionReport {
        version: "0.1.0",
        commit: Some("3f2a91c"),
        platform,
        ..VersionReport::current()
    };
    assert_text(
        &at(80, &report),
        "
Version    0.1.0
Commit     3f2a91c
Platform   linux/x86_64
Documents  kubectl-snapshot.dev/v1alpha1
",
    );
}
