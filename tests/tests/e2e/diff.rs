//! Diffs of two sets, and the exit codes that pipelines branch on.

use end_to_end::{Cluster, Namespace, fixture, test};

use crate::shop::{DEV, PROD};

#[test]
fn live_is_the_second_side_unless_another_is_named() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.apply(&fixture(DEV));
    let live = format!("live:{}", dev.name());
    insta::assert_snapshot!("live", dev.plugin(["diff", "-"]).stdin(fixture(PROD)).exits(1));
    dev.plugin(["diff", "-"]).stdin(fixture(DEV)).exits(0);
    dev.plugin(["diff", "-", &live]).stdin(fixture(DEV)).exits(0);
    dev.plugin(["diff", "live", &format!("live:admin/{}", dev.name())]).exits(0);
    dev.kubectl(["scale", "deployment/tax", "--replicas=3"]).succeeds();
    dev.plugin(["diff", "-"]).stdin(fixture(DEV)).exits(0);
    dev.kubectl(["set", "image", "deployment/tax", "tax=registry.example/shop/tax:1.3.8"])
        .succeeds();
    dev.plugin(["diff", "-"]).stdin(fixture(DEV)).exits(1);
}

#[test]
fn a_difference_in_variables_alone_is_none_of_the_set() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let elsewhere = fixture(DEV).replace("DB_HOST, value: orders-db}", "DB_HOST, value: other}");
    dev.plugin(["capture", "plain", "--from", "-"]).stdin(fixture(DEV)).succeeds();
    dev.plugin(["diff", "plain", "-"]).stdin(elsewhere.clone()).exits(1);
    dev.plugin(["variables", "set", "prod", "DB_HOST=x"]).succeeds();
    dev.plugin(["capture", "rel-41", "--from", "-"]).stdin(fixture(DEV)).succeeds();
    insta::assert_snapshot!(
        "variables",
        dev.plugin(["diff", "rel-41", "-"]).stdin(elsewhere).exits(0)
    );
}

#[test]
fn every_error_is_more_than_one() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    insta::assert_snapshot!("no_snapshot", dev.plugin(["diff", "rel-41"]).exits(2));
    dev.plugin(["diff", "stage:prod", "live"]).exits(2);
    // 5, a conflict, would say something else than an error.
    dev.plugin(["diff", "live:no-such-namespace", "-"]).stdin(fixture(DEV)).exits(2);
}
