//! The way back of a set with flags: they are as before, too.

use end_to_end::{test, wait_for};
use serde_json::Value;

use super::{Place, service, tax_call};

/// The Lease runs out in a minute, which no test waits for.
const EXPIRED: &str = r#"{"spec": {"renewTime": "2020-01-01T00:00:00.000000Z"}}"#;

/// A place where a flag is on; a snapshot `rel-42` has it off, with carts of a version.
fn prod_beside(version: &str) -> Place {
    let qa = Place::new("qa");
    qa.flipt.set_flag("default", "tax-call", tax_call(false));
    qa.namespace.apply(&(service("cart", version, "") + &service("tax", "1.4.1", "")));
    qa.plugin("capture rel-42").succeeds();
    let prod = qa.beside("prod");
    prod.flipt.set_flag("default", "tax-call", tax_call(true));
    prod.run(&(service("cart", "1.7.0", "") + &service("tax", "1.4.1", "")));
    prod
}

/// The states that were written, oldest first.
fn states(prod: &Place) -> Vec<Value> {
    prod.flipt.puts().into_iter().map(|put| put["payload"]["enabled"].clone()).collect()
}

#[test]
fn a_flag_goes_off_before_the_first_write() {
    let prod = prod_beside("1.8.0");
    let namespace = prod.namespace.name().to_owned();
    prod.flipt.before_next_put(move |_| assert_eq!(super::tag(&namespace, "cart"), "1.7.0"));
    let output = prod.plugin("apply rel-42 --yes").exits(0);
    assert_eq!(states(&prod), [false], "{}", output.transcript());
    assert_eq!(prod.tag("cart"), "1.8.0");
}

#[test]
fn a_rollout_that_fails_switches_the_flag_back() {
    let prod = prod_beside("2.0.0-broken");
    let before = prod.flipt.flag("tax-call");
    let output = prod.plugin("apply rel-42 --yes -o json").exits(6);
    assert_eq!(states(&prod), [false, true], "{}", output.transcript());
    assert_eq!(prod.flipt.flag("tax-call"), before);
    assert_eq!(prod.tag("cart"), "1.7.0");
    let report = output.json();
    assert_eq!(report["outcome"], "rolledBack", "{report:#}");
    let text = report["wayBack"].to_string();
    assert!(text.contains("tax-call"), "{report:#}");
}

#[test]
fn a_switch_that_is_refused_takes_nothing_with_it() {
    let prod = prod_beside("1.8.0");
    // Somebody switches it on their own terms between the look and the write.
    prod.flipt.before_next_put(|flipt| {
        let mut theirs = tax_call(true);
        theirs["description"] = "theirs".into();
        flipt.set_flag("default", "tax-call", theirs);
    });
    let output = prod.plugin("apply rel-42 --yes").exits(5);
    assert_eq!(prod.tag("cart"), "1.7.0", "{}", output.transcript());
    let flag = prod.flipt.flag("tax-call");
    assert_eq!((&flag["enabled"], &flag["description"]), (&true.into(), &"theirs".into()));
}

#[test]
fn a_flag_that_cannot_be_switched_back_is_told() {
    let prod = prod_beside("2.0.0-broken");
    // It goes off, and Flipt is not there any more when it is to go on again.
    prod.flipt.before_next_put(|flipt| {
        let flipt = flipt.clone();
        flipt.clone().before_next_put(move |_| flipt.be_unavailable());
    });
    let output = prod.plugin("apply rel-42 --yes").run();
    assert!(![0, 6].contains(&output.exit), "{}", output.transcript());
    let told = output.transcript();
    assert!(told.contains("tax-call") && told.contains("503"), "{told}");
    assert_eq!(prod.tag("cart"), "1.7.0");
}

#[test]
fn undo_tells_of_a_flag_that_a_killed_run_has_switched_off() {
    let prod = prod_beside("2.0.0-broken");
    let apply = prod.plugin("apply rel-42 --yes").start();
    wait_for("the write", || (prod.tag("cart") == "2.0.0-broken").then_some(()));
    apply.kill();
    let _ = apply.finish_unread();
    let expire = ["patch", "lease", "kubectl-snapshot", "--type=merge", "-p", EXPIRED];
    prod.namespace.kubectl(expire).succeeds();
    assert_eq!(states(&prod), [false]);
    let undone = prod.plugin("apply --undo --yes").run();
    assert_eq!(prod.tag("cart"), "1.7.0", "{}", undone.transcript());
    let is_back = prod.flipt.flag("tax-call")["enabled"] == true;
    assert!(is_back || undone.transcript().contains("tax-call"), "{}", undone.transcript());
}
