//! Sets applied to a place whose flags another system serves: one plan with writes and switches.

use std::sync::{Arc, Mutex};

use end_to_end::{Cluster, test};
use serde_json::json;

use super::{Place, service, tag, tax_call};
use crate::apply::assert_untouched;

/// A place with a snapshot `rel-42` of it: a newer cart, and its flag on; and another place, with
/// an older cart and the flag off.
fn qa_and_prod() -> (Place, Place) {
    let qa = Place::new("qa");
    qa.flipt.set_flag("default", "tax-call", tax_call(true));
    qa.run(&(service("cart", "1.8.0", "flag tax-call=on") + &service("tax", "1.4.1", "")));
    qa.plugin("capture rel-42").succeeds();
    let prod = qa.beside("prod");
    prod.flipt.set_flag("default", "tax-call", tax_call(false));
    prod.run(&(service("cart", "1.7.0", "") + &service("tax", "1.4.0", "")));
    (qa, prod)
}

#[test]
fn a_flag_goes_on_once_all_that_it_needs_runs() {
    let (qa, prod) = qa_and_prod();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (noted, namespace) = (Arc::clone(&seen), prod.namespace.name().to_owned());
    prod.flipt.before_next_put(move |_| {
        let path = "jsonpath={.status.updatedReplicas}/{.status.availableReplicas}/{.status.unavailableReplicas}";
        let get = ["get", "deployment", "tax", "--namespace", &namespace, "-o", path];
        let rolled_out = Cluster::shared().kubectl(get).succeeds().stdout;
        let tags = [tag(&namespace, "cart"), tag(&namespace, "tax"), rolled_out];
        noted.lock().unwrap().extend(tags);
    });
    let output = prod.plugin("apply rel-42 --yes -o json").exits(0);
    assert_eq!(*seen.lock().unwrap(), ["1.7.0", "1.4.1", "1/1/"], "when the flag was switched");
    let report = output.json();
    assert_eq!(report["outcome"], "applied", "{report:#}");
    assert_eq!(report["verification"]["state"], "same", "{report:#}");
    assert_eq!(prod.flipt.flag("tax-call")["enabled"], true);
    assert_eq!((prod.flipt.requests("PUT"), qa.flipt.requests("PUT")), (1, 0));
    prod.plugin("diff rel-42").exits(0);
}

#[test]
fn the_plan_shows_the_switch_beside_the_writes() {
    let (qa, prod) = qa_and_prod();
    qa.run(&service("cart", "1.8.0", ""));
    qa.plugin("capture rel-42 --force").succeeds();
    insta::assert_snapshot!(prod.plugin("apply rel-42 --dry-run client").exits(0), @r"
    $ kubectl snapshot apply rel-42 --dry-run client
    exit: 0
    -- stdout --
    rel-42 (sha256:[1]) → admin/[prod]
    2 objects to change, 1 flag to switch

    WRITES
    ~ change Deployment cart
        image  1.7.0 → 1.8.0
    ~ change Deployment tax
        image  1.4.0 → 1.4.1

    FLAGS
    tax-call  off → on  in flipt

    OWNERS
    kubectl apply: Deployment cart, Deployment tax
        the next one of the old manifests takes back what is changed and removed, and leaves what is added
        to keep the set, bring this into the manifests:
          Deployment/cart containers[cart].image: registry.example/shop/cart:1.8.0@sha256:[2]
          Deployment/tax containers[tax].image: registry.example/shop/tax:1.4.1@sha256:[3]

    NOTES
    flag tax-call is switched once Deployment tax runs

    ALLOWED  rel-42 (sha256:[1]) may run together, while it replaces live:[prod] (sha256:[4])

    flag-compatibility  allow
    ");
    assert_eq!(prod.flipt.requests("PUT"), 0);
    assert_untouched(&prod.namespace);
}

#[test]
fn the_order_that_is_told_is_that_of_the_run() {
    let (_, prod) = qa_and_prod();
    let told = prod.plugin("apply rel-42 --dry-run client").exits(0);
    // What it needs is before it, and what needs it behind.
    for says in [
        "flag tax-call is switched once Deployment tax runs",
        "Deployment cart is written once flag tax-call is switched",
        "apply writes flag tax-call first",
    ] {
        assert!(told.stdout.contains(says), "{}", told.transcript());
    }
}

#[test]
fn one_flipt_with_a_namespace_for_each_place_is_enough() {
    let (qa, prod) = qa_and_prod();
    qa.flipt.set_flag("prod", "tax-call", tax_call(false));
    let more = ["--flipt-namespace", "prod", "--force"];
    prod.add_source("prod", &qa.flipt.url(), &more).succeeds();
    let output = prod.plugin("apply rel-42 --yes").exits(0);
    let flag = prod.captured()["spec"]["flags"]["tax-call"].clone();
    assert_eq!((&flag["value"], &flag["source"]), (&json!(true), &json!("flipt:prod")));
    assert_eq!(prod.flipt.requests("PUT"), 0, "{}", output.transcript());
    assert_eq!(qa.flipt.requests("PUT"), 1);
    prod.plugin("diff rel-42").exits(0);
}

#[test]
fn a_flag_that_nobody_serves_there_is_told_before_the_first_write() {
    let (qa, prod) = qa_and_prod();
    qa.flipt.set_boolean("beta", true);
    qa.plugin("capture rel-43").succeeds();
    let refused = prod.plugin("apply rel-43 --yes").exits(1);
    let says = "no flipt that is named for this place serves the flag beta";
    assert!(refused.stderr.contains(says), "{}", refused.transcript());
    // With no source at all it is the same.
    prod.plugin("flags source remove prod").succeeds();
    let refused = prod.plugin("apply rel-42 --yes").exits(1);
    assert!(refused.stderr.contains("tax-call"), "{}", refused.transcript());
    assert_eq!(prod.flipt.requests("PUT"), 0);
    assert_untouched(&prod.namespace);
}

#[test]
fn rules_that_differ_are_nothing_to_switch() {
    let (qa, prod) = qa_and_prod();
    let share = |share: u8| {
        let mut flag = tax_call(false);
        flag["rollouts"] = json!([{
            "type": "THRESHOLD_ROLLOUT_TYPE", "threshold": {"percentage": share, "value": true},
        }]);
        flag
    };
    qa.flipt.set_flag("default", "new-rates", share(50));
    prod.flipt.set_flag("default", "new-rates", share(10));
    qa.plugin("capture rel-43").succeeds();
    let refused = prod.plugin("apply rel-43 --yes").exits(1);
    let says = "flag new-rates has other rules here than in the set";
    assert!(refused.stderr.contains(says), "{}", refused.transcript());
    assert_eq!(prod.flipt.requests("PUT"), 0);
    assert_untouched(&prod.namespace);
}

#[test]
fn a_system_that_does_not_answer_stops_a_set_with_its_flags() {
    let (_, prod) = qa_and_prod();
    prod.flipt.be_unavailable();
    let refused = prod.plugin("apply rel-42 --yes").exits(1);
    assert!(refused.stderr.contains("flag"), "{}", refused.transcript());
    assert!(refused.stderr.contains("503"), "{}", refused.transcript());
    assert_untouched(&prod.namespace);
}
