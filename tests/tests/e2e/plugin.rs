//! The plugin as kubectl finds it.

use end_to_end::{Cluster, Namespace, fixture, test};

use crate::shop::DEV;

#[test]
fn kubectl_finds_it() {
    let cluster = Cluster::shared();
    let version = cluster.kubectl(["snapshot", "version"]).succeeds();
    assert_eq!(version.stdout, cluster.plugin(["version"]).succeeds().stdout);
    let dev = Namespace::new(cluster, "dev");
    let capture = ["capture", "rel-41", "--from", "-"];
    dev.plugin(capture).stdin(fixture(DEV)).succeeds();
    let list = cluster.kubectl(["snapshot", "list", "-o", "name"]);
    assert_eq!(list.env("KUBECTL_SNAPSHOT_STORE", dev.store()).succeeds().stdout, "rel-41\n");
}
