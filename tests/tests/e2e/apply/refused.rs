//! Refusals before anything is written.

use end_to_end::{fixture, test};

use super::assert_untouched;
use crate::shop::{self, DEV, PROD};

#[test]
fn a_refused_set_is_never_written() {
    let prod = shop::running("prod", &fixture(PROD));
    let apply = |manifests: String| prod.plugin(["apply", "-", "--yes"]).stdin(manifests);
    apply(fixture(DEV)).exits(3);
    apply(fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:nightly")).exits(4);
    let denied = prod.plugin(["apply", "-", "--yes", "-o", "json"]).stdin(fixture(DEV)).exits(3);
    assert_eq!(denied.json()["verdict"], "deny");
    let missing = ["apply", "-", "--yes", "--policy", "/no/such.wasm"];
    prod.plugin(missing).stdin(fixture(PROD)).exits(4);
    assert_untouched(&prod);
}

#[test]
fn where_nobody_can_be_asked_nothing_is_written_without_yes() {
    let prod = shop::running("prod", &fixture(PROD));
    let newer = fixture(PROD).replace("shop/pricing:2.1.0", "shop/pricing:2.1.1");
    let output = prod.plugin(["apply", "-"]).stdin(newer).exits(2);
    insta::assert_snapshot!("not_asked", output);
    assert_untouched(&prod);
    // Nothing to write, nothing to ask.
    prod.plugin(["apply", "-"]).stdin(fixture(PROD)).exits(0);
}

#[test]
fn a_namespace_that_somebody_holds_is_left_alone() {
    let prod = shop::running("prod", &fixture(PROD));
    let now = ["-u", "+%Y-%m-%dT%H:%M:%S.000000Z"];
    let now = prod.cluster().command("date", now).succeeds().stdout;
    prod.apply(&format!(
        "
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {{name: kubectl-snapshot}}
spec: {{holderIdentity: anna@build-7/4711, leaseDurationSeconds: 600, renewTime: '{0}', acquireTime: '{0}'}}
",
        now.trim()
    ));
    let newer = fixture(PROD).replace("shop/pricing:2.1.0", "shop/pricing:2.1.1");
    let output = prod.plugin(["apply", "-", "--yes"]).stdin(newer).exits(5);
    assert!(output.stderr.contains("anna@build-7/4711"), "{}", output.transcript());
    assert_untouched(&prod);
    // Who has nothing to write needs no lock.
    prod.plugin(["apply", "-", "--yes"]).stdin(fixture(PROD)).exits(0);
}

#[test]
fn an_unknown_variable_set_is_named_with_those_that_there_are() {
    let prod = shop::running("prod", &fixture(PROD));
    prod.plugin(["variables", "set", "prod", "DB_HOST=x"]).succeeds();
    let apply = ["apply", "-", "--yes", "--variables", "prd"];
    insta::assert_snapshot!("no_set", prod.plugin(apply).stdin(fixture(PROD)).exits(2));
    assert_untouched(&prod);
}
