//! Rights to read what runs.

use end_to_end::{Cluster, Namespace, Rule, test};

use super::{READ, READ_STORE, tax};

const DIGEST: &str = "jsonpath={.spec.services.tax.tax.containers.tax.digest}";

/// A namespace with a service, whose reader may do this.
fn dev(rules: &[Rule<'_>]) -> Namespace {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.apply(&tax("1.3.9"));
    dev.wait_rollouts();
    dev.allow("reader", rules);
    dev
}

#[test]
fn without_deployments_there_is_no_capture() {
    let dev = dev(&READ[1..]);
    dev.allow_in_store("reader", &READ_STORE);
    insta::assert_snapshot!(dev.plugin(["capture"]).as_user("reader").run(), @r#"
    $ kubectl snapshot --context reader capture
    exit: 1
    -- stderr --
    Error from server (Forbidden): deployments.apps is forbidden: User "reader" cannot list resource "deployments" in API group "apps" in the namespace "[dev]"; ask for a role with the verb list on deployments.apps in namespace [dev]
    "#);
    insta::assert_snapshot!(dev.plugin(["diff", "live", "live"]).as_user("reader").run(), @r#"
    $ kubectl snapshot --context reader diff live live
    exit: 2
    -- stderr --
    Error from server (Forbidden): deployments.apps is forbidden: User "reader" cannot list resource "deployments" in API group "apps" in the namespace "[dev]"; ask for a role with the verb list on deployments.apps in namespace [dev]
    "#);
}

#[test]
fn without_pods_there_are_no_digests_and_a_warning() {
    let dev = dev(&[&READ[..1], &READ[2..]].concat());
    dev.allow_in_store("reader", &READ_STORE);
    insta::assert_snapshot!(dev.plugin(["capture", "-o", DIGEST]).as_user("reader").run(), @r#"
    $ kubectl snapshot --context reader capture -o 'jsonpath={.spec.services.tax.tax.containers.tax.digest}'
    exit: 0
    -- stderr --
    Warning: image digests are left out: Error from server (Forbidden): pods is forbidden: User "reader" cannot list resource "pods" in API group "" in the namespace "[dev]"; ask for a role with the verb list on pods in namespace [dev]
    "#);
    assert_ne!(dev.plugin(["capture", "-o", DIGEST]).succeeds().stdout, "", "others see them");
}

#[test]
fn without_the_store_what_runs_is_still_read_and_compared() {
    let dev = dev(&READ);
    let compare = dev.plugin(["diff", "-", "live", "-o", "jsonpath={.summary.images}"]);
    let compare = compare.as_user("reader").stdin(tax("1.4.0"));
    insta::assert_snapshot!(compare.run(), @r#"
    $ kubectl snapshot --context reader diff - live -o 'jsonpath={.summary.images}'
    exit: 1
    -- stdout --
    1[no newline]
    -- stderr --
    Warning: every environment value counts, for variable sets cannot be read: Error from server (Forbidden): configmaps is forbidden: User "reader" cannot list resource "configmaps" in API group "" in the namespace "[store]"; ask for a role with the verb list on configmaps in namespace [store]
    Warning: flags of Unleash and Flipt are left out, for flag sources cannot be read: Error from server (Forbidden): configmaps is forbidden: User "reader" cannot list resource "configmaps" in API group "" in the namespace "[store]"; ask for a role with the verb list on configmaps in namespace [store]
    "#);
    dev.plugin(["capture", "-o", "name"]).as_user("reader").succeeds();
}
