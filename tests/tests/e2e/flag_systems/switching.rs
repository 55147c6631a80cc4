//! `flags set`: what it lets through, what it writes, and what becomes of it where others write.

use end_to_end::test;
use serde_json::{Value, json};

use super::{Place, layout, service, tax_call};

/// A place with a cart that needs a flag, and the flag.
fn dev(on: bool) -> Place {
    let dev = Place::new("dev");
    dev.flipt.set_flag("default", "tax-call", tax_call(on));
    dev.run(&(service("cart", "1.8.0", "") + &service("tax", "1.4.1", "")));
    dev
}

/// The flag but for its state.
fn but_for_its_state(mut flag: Value) -> Value {
    flag.as_object_mut().expect("a flag has members").remove("enabled");
    flag
}

#[test]
fn a_flag_that_something_needs_is_not_switched_off() {
    let dev = dev(true);
    dev.run(&service("cart", "1.8.1", "flag tax-call=on"));
    let refused = dev.plugin("flags set tax-call=off --yes").exits(3);
    assert!(refused.stdout.contains("flag tax-call"), "{}", refused.transcript());
    assert!(refused.stdout.contains("cart"), "{}", refused.transcript());
    dev.plugin("check live").exits(0);
    assert_eq!(dev.flipt.requests("PUT"), 0);
    assert_eq!(dev.flipt.flag("tax-call")["enabled"], true);
}

#[test]
fn a_flag_whose_own_needs_are_not_met_is_not_switched_on() {
    let dev = dev(false);
    dev.run(&service("tax", "1.3.9", ""));
    let refused = dev.plugin("flags set tax-call=on --yes").exits(3);
    assert!(refused.stdout.contains("tax >=1.4"), "{}", refused.transcript());
    assert_eq!(dev.flipt.requests("PUT"), 0);
}

#[test]
fn a_switch_writes_the_whole_flag_with_all_that_it_had() {
    let dev = dev(false);
    let before = dev.flipt.flag("tax-call");
    // Services are told a moment later.
    dev.flipt.evaluate_behind(2);
    let output = dev.plugin("flags set tax-call=on --yes -o json").exits(0);
    let after = dev.flipt.flag("tax-call");
    assert_eq!(after["enabled"], true);
    assert_eq!(but_for_its_state(after), but_for_its_state(before));
    assert_eq!(dev.flipt.requests("PUT"), 1);
    assert_eq!(output.json()["outcome"], "applied", "{}", output.transcript());
    assert_eq!(output.json()["verification"]["state"], "same", "{}", output.transcript());
    // It is on: there is nothing to do.
    dev.plugin("flags set tax-call=on --yes").exits(0);
    assert_eq!(dev.flipt.requests("PUT"), 1);
}

#[test]
fn another_variant_is_another_default_and_nothing_else() {
    let dev = dev(true);
    dev.flipt.set_flag("default", "layout", layout("wide"));
    let variants = dev.flipt.flag("layout")["variants"].clone();
    dev.plugin("flags set layout=compact --yes").exits(0);
    let after = dev.flipt.flag("layout");
    assert_eq!((&after["defaultVariant"], &after["enabled"]), (&"compact".into(), &true.into()));
    assert_eq!(after["variants"], variants);
    let refused = dev.plugin("flags set layout=huge --yes").exits(1);
    assert!(refused.stderr.contains("layout"), "{}", refused.transcript());
    assert!(refused.stderr.contains("compact"), "the variants are named: {}", refused.transcript());
    assert_eq!(dev.flipt.requests("PUT"), 1);
}

#[test]
fn a_look_at_a_switch_writes_nothing() {
    let dev = dev(false);
    let shown = dev.plugin("flags set tax-call=on --dry-run client").exits(0);
    assert!(shown.stdout.contains("tax-call"), "{}", shown.transcript());
    let not_asked = dev.plugin("flags set tax-call=on").exits(2);
    assert!(not_asked.stderr.contains("--yes"), "{}", not_asked.transcript());
    assert_eq!(dev.flipt.requests("PUT"), 0);
}

#[test]
fn a_trial_of_a_switch_asks_flipt_and_writes_nothing() {
    let dev = dev(false);
    let tried = dev.plugin("flags set tax-call=on --dry-run server").run();
    assert_eq!(dev.flipt.requests("PUT"), 0);
    assert_eq!(tried.exit, 0, "{}", tried.transcript());
}

#[test]
fn another_flag_that_somebody_writes_meanwhile_is_no_hindrance() {
    let dev = dev(false);
    dev.flipt.before_next_put(|flipt| flipt.set_boolean("beta", true));
    dev.plugin("flags set tax-call=on --yes").exits(0);
    assert_eq!(dev.flipt.requests("PUT"), 2, "the first was refused");
    assert_eq!(dev.flipt.flag("tax-call")["enabled"], true);
    assert_eq!(dev.flipt.flag("beta")["enabled"], true);
}

#[test]
fn what_somebody_makes_of_the_flag_meanwhile_stays() {
    let dev = dev(false);
    dev.flipt.before_next_put(|flipt| {
        let mut theirs = tax_call(false);
        theirs["metadata"]["team"] = "theirs".into();
        flipt.set_flag("default", "tax-call", theirs);
    });
    let refused = dev.plugin("flags set tax-call=on --yes").exits(5);
    let says = "flag tax-call was changed by somebody else meanwhile";
    assert!(refused.transcript().contains(says), "{}", refused.transcript());
    let flag = dev.flipt.flag("tax-call");
    assert_eq!((&flag["metadata"]["team"], &flag["enabled"]), (&"theirs".into(), &false.into()));
    assert_eq!(dev.flipt.requests("PUT"), 1);
}

/// A place with a flag that is on for ten in a hundred.
fn on_for_some() -> Place {
    let dev = Place::new("dev");
    let mut some = tax_call(false);
    some["metadata"] = json!({});
    some["rollouts"] = json!([{
        "type": "THRESHOLD_ROLLOUT_TYPE", "threshold": {"percentage": 10, "value": true},
    }]);
    dev.flipt.set_flag("default", "tax-call", some);
    dev.run(&service("cart", "1.8.0", ""));
    dev
}

#[test]
fn a_flag_with_rollouts_is_left_to_flipt() {
    let dev = on_for_some();
    // On for ten in a hundred is neither on nor off.
    for line in ["flags set tax-call=off --yes", "flags set tax-call=on --yes"] {
        let refused = dev.plugin(line).run();
        assert!((1..=2).contains(&refused.exit), "{}", refused.transcript());
        let says = "flag tax-call is on for some, as its rules decide";
        assert!(refused.stderr.contains(says), "{}", refused.transcript());
    }
    assert_eq!(dev.flipt.requests("PUT"), 0);
}

#[test]
fn a_write_whose_answer_is_lost_is_taken_back() {
    let dev = dev(false);
    let before = dev.flipt.flag("tax-call");
    dev.flipt.lose_answer_to_next_put();
    let output = dev.plugin("flags set tax-call=on --yes --request-timeout 2s").exits(6);
    assert!(output.transcript().contains("it takes too long to answer"), "{}", output.transcript());
    assert_eq!(dev.flipt.flag("tax-call"), before, "{}", output.transcript());
    assert_eq!(dev.flipt.requests("PUT"), 2);
}

#[test]
fn a_switch_that_cannot_be_verified_is_not_forgotten() {
    let dev = dev(false);
    dev.flipt.forbid_evaluation();
    let output = dev.plugin("flags set tax-call=on --yes").run();
    assert_eq!(dev.flipt.puts()[0]["payload"]["enabled"], true);
    // It was written: it is taken back.
    assert_eq!(output.exit, 6, "{}", output.transcript());
    assert_eq!(dev.flipt.flag("tax-call")["enabled"], false, "{}", output.transcript());
}

#[test]
fn services_that_are_not_told_in_time_are_warned_of() {
    let dev = dev(false);
    dev.flipt.evaluate_behind(usize::MAX);
    let output = dev.plugin("flags set tax-call=on --yes").run();
    let says = "flag tax-call is on in dev, and its clients were not told so within 30 s";
    assert!(output.stderr.contains(says), "{}", output.transcript());
    assert_eq!(dev.flipt.flag("tax-call")["enabled"], true);
}
