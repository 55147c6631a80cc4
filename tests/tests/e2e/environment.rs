//! Environment variables that a team sets once, and flags that are typed all the same.

use end_to_end::{Cluster, Folder, Invocation, Namespace, fixture, test};

use crate::shop::DEV;

/// A run on neither store, as a team would have it.
fn plugin(folder: &Folder, words: &str) -> Invocation {
    let plugin = Cluster::shared().plugin(words.split(' ')).current_dir(folder.path());
    plugin.env("KUBECTL_SNAPSHOT_STORE_DIR", "snapshots").stdin(fixture(DEV))
}

#[test]
fn a_directory_is_the_store_unless_a_namespace_is_named() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let folder = Folder::new(Cluster::shared());
    plugin(&folder, "capture in-folder --from -").env("KUBECONFIG", "/nowhere").succeeds();
    let list = |words: &str| plugin(&folder, words);
    assert_eq!(list("list -o name").succeeds().stdout, "in-folder\n");
    dev.plugin(["capture", "in-cluster", "--from", "-"]).stdin(fixture(DEV)).succeeds();
    let named = format!("list -o name --store-namespace {}", dev.store());
    assert_eq!(list(&named).succeeds().stdout, "in-cluster\n");
    // Both are set: the directory, which needs no cluster.
    let both = list("list -o name").env("KUBECTL_SNAPSHOT_STORE", dev.store());
    assert_eq!(both.succeeds().stdout, "in-folder\n");
    assert_eq!(list("list -o name --store elsewhere").succeeds().stdout, "");
}

#[test]
fn the_field_manager_is_the_teams() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.apply(&fixture(DEV));
    let tax = |version: &str| {
        let image = format!("tax=registry.example/shop/tax:{version}");
        dev.kubectl(["set", "image", "deployment/tax", &image]).succeeds();
        dev.wait_rollouts();
    };
    tax("1.4.1");
    dev.plugin(["capture", "rel-41"]).succeeds();
    tax("1.4.2");
    let apply = dev.plugin(["apply", "rel-41", "--yes"]);
    apply.env("KUBECTL_SNAPSHOT_FIELD_MANAGER", "platform-team").succeeds();
    let get = ["get", "deployment", "tax", "--show-managed-fields"];
    let managers = "jsonpath={.metadata.managedFields[*].manager}";
    let managers = dev.kubectl(get.into_iter().chain(["-o", managers])).succeeds().stdout;
    assert!(managers.contains("platform-team"), "{managers}");
    let dated = dev.plugin(["apply", "rel-41", "--yes"]).env("KUBECTL_SNAPSHOT_TIMEOUT", "soon");
    let refused = dated.exits(2).stderr;
    assert!(refused.contains("soon") && refused.contains("--timeout"), "{refused}");
}
