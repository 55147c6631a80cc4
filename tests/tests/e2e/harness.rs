//! Runs of kubectl.

use end_to_end::{Cluster, test};

#[test]
fn a_run_has_no_cluster_but_ours() {
    let contexts = ["config", "get-contexts", "-o", "name"];
    insta::assert_snapshot!(Cluster::shared().kubectl(contexts).run(), @r"
    $ kubectl config get-contexts -o name
    exit: 0
    -- stdout --
    admin
    developer
    nobody
    promoter
    reader
    ");
}
