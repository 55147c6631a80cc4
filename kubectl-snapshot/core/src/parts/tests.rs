//! Facts that hold across the parts of a set.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Naming, PartName, Parts, Several, requirements};
use crate::{
    ancestry::{Ancestry, Built, Relation, questions},
    assembly::test_support::{cart, deployment, snapshot},
    diff::{Presence, compare_parts},
    requirement::Fulfilment::{self, Met, Unmet},
    snapshot::{Metadata, Snapshot},
};

fn part(text: &str) -> PartName {
    text.parse().unwrap()
}

fn parts(parts: impl IntoIterator<Item = (&'static str, Snapshot)>) -> Parts {
    Parts::new(parts.into_iter().map(|(name, set)| (part(name), set)).collect()).unwrap()
}

fn several(named: impl IntoIterator<Item = (&'static str, Snapshot)>) -> Several {
    Several { metadata: Metadata::default(), parts: parts(named), extra: BTreeMap::new() }
}

fn tax(tag: &str) -> Snapshot {
    snapshot(&[deployment("tax", &format!("shop/tax:{tag}"), &json!([]))])
}

/// The cart, which requires tax >=1.4.
fn shop() -> Snapshot {
    snapshot(&[cart("shop/cart:2.0.0")])
}

/// Requirements in words: dependent, dependency, state, what was found.
fn resolved(parts: &Parts) -> Vec<(String, String, Fulfilment, String)> {
    let words =
        requirements::resolve(parts, &Naming::of([parts]), &Ancestry::default()).into_iter();
    words
        .map(|one| (one.dependent.to_string(), one.dependency.to_string(), one.state, one.found))
        .collect()
}

fn words(
    dependent: &str,
    dependency: &str,
    state: Fulfilment,
    found: &str,
) -> (String, String, Fulfilment, String) {
    (dependent.to_owned(), dependency.to_owned(), state, found.to_owned())
}

#[test]
fn a_part_needs_what_another_has() {
    let met = parts([("shop", shop()), ("payments", tax("1.4.1"))]);
    assert_eq!(resolved(&met), [words("cart/cart", "tax", Met, "tax runs 1.4.1")]);
    let unmet = parts([("shop", shop()), ("payments", tax("1.3.9"))]);
    assert_eq!(resolved(&unmet), [words("cart/cart", "tax", Unmet, "tax runs 1.3.9")]);
    let missing = parts([("shop", shop()), ("payments", Snapshot::default())]);
    assert_eq!(resolved(&missing), [words("cart/cart", "tax", Unmet, "tax is not in this set")]);
}

#[test]
fn what_a_part_has_itself_is_meant() {
    let mut own = shop();
    let old = tax("1.3.9");
    own.spec.services.extend(old.spec.services.clone());
    let both = parts([("shop", own), ("payments", tax("1.4.1"))]);
    assert_eq!(resolved(&both), [words("cart/cart", "shop/tax", Unmet, "tax runs 1.3.9")]);
}

#[test]
fn of_several_others_each_has_to_do_unless_one_is_named() {
    let mut both = [("a", tax("1.4.1")), ("b", tax("1.3.9")), ("shop", shop())];
    let all = parts(both.clone());
    assert_eq!(
        resolved(&all),
        [
            words("cart/cart", "a/tax", Met, "a/tax runs 1.4.1"),
            words("cart/cart", "b/tax", Unmet, "b/tax runs 1.3.9"),
        ]
    );
    let cart = both[2].1.spec.services.get_mut("cart").unwrap().get_mut("cart").unwrap();
    cart.requires = vec!["a/tax >=1.4".parse().unwrap(), "c/tax".parse().unwrap()];
    assert_eq!(
        resolved(&parts(both)),
        [
            words("cart/cart", "a/tax", Met, "a/tax runs 1.4.1"),
            words("cart/cart", "c/tax", Unmet, "c/tax is not in this set"),
        ]
    );
}

/// The cart requires a commit of tax in another part, called as it is; git knows one answer.
fn by_commit(requires: &str, homes: &[&'static str]) -> Vec<(String, Fulfilment)> {
    let mut shop = shop();
    let cart = shop.spec.services.get_mut("cart").unwrap().get_mut("cart").unwrap();
    cart.requires = vec![requires.parse().unwrap()];
    let homes = homes.iter().map(|home| (*home, tax("7d1f0c9")));
    let parts = parts(homes.chain([("shop", shop)]));
    let asked = questions(&super::pairs(None, &parts), &Built::default());
    let answered = asked.into_iter().map(|one| (one, Ok(Relation::of(2, 0))));
    let ancestry: Ancestry = answered.collect();
    let resolved = requirements::resolve(&parts, &Naming::of([&parts]), &ancestry);
    resolved.into_iter().map(|one| (one.found, one.state)).collect()
}

#[test]
fn a_commit_of_another_part_is_told_by_git() {
    let after = "commit 7d1f0c9, which is after 3f2a91c";
    let one = by_commit("tax @3f2a91c", &["payments"]);
    assert_eq!(one, [(format!("tax runs {after}"), Met)]);
    // Of a service in two parts as well, be both meant or one.
    let both = by_commit("tax @3f2a91c", &["eu", "us"]);
    assert_eq!(
        both,
        [(format!("eu/tax runs {after}"), Met), (format!("us/tax runs {after}"), Met)]
    );
    let named = by_commit("us/tax @3f2a91c", &["eu", "us"]);
    assert_eq!(named, [(format!("us/tax runs {after}"), Met)]);
    assert_eq!(by_commit("us/tax @7d1f0c9", &["eu", "us"])[0].1, Met);
}

#[test]
fn one_service_in_two_parts_is_called_by_its_part() {
    let both = parts([("a", tax("1.4.1")), ("b", tax("1.3.9")), ("shop", shop())]);
    let naming = Naming::of([&both]);
    assert_eq!(naming.instance(&part("a"), "tax/tax"), "a/tax/tax");
    assert_eq!(naming.instance(&part("shop"), "cart/cart"), "cart/cart");
    // What moves to another part is another's on each side.
    let before = parts([("a", tax("1.4.1")), ("shop", shop())]);
    let after = parts([("b", tax("1.4.1")), ("shop", shop())]);
    assert_eq!(Naming::of([&before, &after]).service(&part("b"), "tax"), "b/tax");
}

#[test]
fn parts_are_compared_by_their_aliases_and_sum_up() {
    let before = several([("old", tax("1.3.9")), ("payments", tax("1.4.0")), ("shop", shop())]);
    let after = several([("new", tax("1.5.0")), ("payments", tax("1.4.1")), ("shop", shop())]);
    let diff = compare_parts(["a", "b"], &before, &after, &[]);
    let changes: Vec<_> = diff.parts.iter().map(|one| (one.part.as_ref(), one.change)).collect();
    assert_eq!(
        changes,
        [
            ("new", Some(Presence::Added)),
            ("old", Some(Presence::Removed)),
            ("payments", Some(Presence::Changed)),
        ]
    );
    let sum = diff.summary.sum;
    assert_eq!((sum.images, sum.workloads_added, sum.workloads_removed), (1, 1, 1));
    assert_eq!(
        (diff.summary.parts_added, diff.summary.parts_removed, diff.summary.parts_changed),
        (1, 1, 1)
    );
    assert!(compare_parts(["a", "a"], &before, &before, &[]).summary.is_same());
}

#[test]
fn an_empty_part_is_a_difference() {
    let before = several([("payments", tax("1.4.0")), ("shop", shop())]);
    let after =
        several([("empty", Snapshot::default()), ("payments", tax("1.4.0")), ("shop", shop())]);
    let diff = compare_parts(["a", "b"], &before, &after, &[]);
    assert!(!diff.summary.is_same());
    assert_ne!(diff.from.digest, diff.to.digest);
}

#[test]
fn services_are_chosen_in_every_part_or_in_one() {
    let before = several([("a", tax("1.4.0")), ("b", tax("1.4.0"))]);
    let after = several([("a", tax("1.4.1")), ("b", tax("1.4.1"))]);
    let parts = |services: &[&str]| {
        let services: Vec<String> = services.iter().map(|name| (*name).to_owned()).collect();
        let diff = compare_parts(["x", "y"], &before, &after, &services);
        diff.parts.into_iter().map(|one| one.part.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(parts(&["tax"]), ["a", "b"]);
    assert_eq!(parts(&["b/tax"]), ["b"]);
    assert!(parts(&["cart"]).is_empty());
}

#[test]
fn of_very_many_names_a_sentence_has_a_few() {
    let names = |count: usize| super::listed((0..count).map(|n| format!("n{n}")));
    assert_eq!(names(3), "n0, n1 and n2");
    assert!(names(20).ends_with("n18 and n19"));
    assert_eq!(names(100), "n0, n1, n2, n3, n4, n5, n6, n7, n8, n9 and 90 more");
}
