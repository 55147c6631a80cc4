//! The store.

use end_to_end::{Cluster, Namespace, Rule, test, wait_for};

use super::{READ, READ_STORE, configmaps, tax};

#[test]
fn who_may_not_make_the_stores_namespace_is_told_what_to_ask_for() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.apply(&tax("1.3.9"));
    // The user has the namespace's name, for the binding is of the whole cluster.
    let view = ["create", "clusterrolebinding", dev.name(), "--clusterrole=view", "--user"];
    dev.kubectl(view.into_iter().chain([dev.name()])).succeeds();
    let capture = wait_for("the role", || {
        let capture = dev.plugin(["capture", "rel-41", "--as", dev.name()]).exits(1);
        (!capture.stderr.contains("cannot get")).then_some(capture)
    });
    insta::assert_snapshot!(capture, @r#"
    $ kubectl snapshot capture rel-41 --as [dev]
    exit: 1
    -- stderr --
    error: namespace [store], where snapshots are stored, does not exist and cannot be created: namespaces is forbidden: User "[dev]" cannot create resource "namespaces" in API group "" at the cluster scope
    hint: ask an administrator for it (kubectl create namespace [store]), or name another with --store-namespace
    "#);
    dev.kubectl(["delete", "clusterrolebinding", dev.name()]).succeeds();
    dev.kubectl(["get", "namespace", dev.store()]).exits(1);
}

#[test]
fn who_may_only_read_lists_and_compares_and_stores_nothing() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.apply(&tax("1.3.9"));
    dev.wait_rollouts();
    dev.plugin(["capture", "rel-41"]).succeeds();
    dev.allow("reader", &READ);
    dev.allow_in_store("reader", &READ_STORE);
    dev.plugin(["list"]).as_user("reader").succeeds();
    dev.plugin(["diff", "rel-41", "live"]).as_user("reader").succeeds();
    let before = configmaps(&dev);
    insta::assert_snapshot!(dev.plugin(["capture", "rel-42"]).as_user("reader").run(), @r#"
    $ kubectl snapshot --context reader capture rel-42
    exit: 1
    -- stderr --
    Error from server (Forbidden): configmaps is forbidden: User "reader" cannot create resource "configmaps" in API group "" in the namespace "[store]"; ask for a role with the verb create on configmaps in namespace [store]
    "#);
    insta::assert_snapshot!(dev.plugin(["delete", "rel-41"]).as_user("reader").run(), @r#"
    $ kubectl snapshot --context reader delete rel-41
    exit: 1
    -- stderr --
    Error from server (Forbidden): configmaps "snapshot.rel-41" is forbidden: User "reader" cannot delete resource "configmaps" in API group "" in the namespace "[store]"; ask for a role with the verb delete on configmaps in namespace [store]
    "#);
    assert_eq!(configmaps(&dev), before);
}

#[test]
fn who_may_not_read_the_store_is_told_where_it_is() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    insta::assert_snapshot!(dev.plugin(["list"]).as_user("nobody").run(), @r#"
    $ kubectl snapshot --context nobody list
    exit: 1
    -- stderr --
    Error from server (Forbidden): configmaps is forbidden: User "nobody" cannot list resource "configmaps" in API group "" in the namespace "[store]"; ask for a role with the verb list on configmaps in namespace [store]
    "#);
    insta::assert_snapshot!(dev.plugin(["diff", "rel-41", "live"]).as_user("nobody").run(), @r#"
    $ kubectl snapshot --context nobody diff rel-41 live
    exit: 2
    -- stderr --
    Error from server (Forbidden): configmaps is forbidden: User "nobody" cannot list resource "configmaps" in API group "" in the namespace "[store]"; ask for a role with the verb list on configmaps in namespace [store]
    "#);
}

#[test]
fn creating_config_maps_is_enough_to_capture() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.apply(&tax("1.3.9"));
    dev.allow("developer", &READ);
    let write = Rule { group: "", resources: &["configmaps"], verbs: &["get", "list", "create"] };
    dev.allow_in_store("developer", &[write]);
    dev.plugin(["capture", "rel-41"]).as_user("developer").succeeds();
    dev.plugin(["get", "rel-41", "-o", "json"]).as_user("developer").succeeds();
}
