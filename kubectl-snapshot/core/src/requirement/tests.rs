//! Requirements of small sets, and what becomes of them.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    Fulfilment::{self, Met, Unknown, Unmet},
    Resolved, parse_list, resolve, resolve_against,
};
use crate::{
    ancestry::{Ancestry, Built, Gap, Relation, questions},
    digest::Digest,
    flag::Flag,
    manifest::Kind,
    snapshot::{Container, Instance, Spec},
};

/// An instance with `name=tag` containers; one whose name begins with `init` runs before the others.
fn instance(containers: &str, requires: &str) -> Instance {
    let container = |(name, tag): (&str, &str)| {
        let container = Container {
            image: format!("shop/{name}"),
            tag: Some(tag.to_owned()),
            init: name.starts_with("init"),
            ..Container::default()
        };
        (name.to_owned(), container)
    };
    Instance {
        kind: Kind::Deployment,
        containers: containers
            .split_whitespace()
            .filter_map(|one| one.split_once('='))
            .map(container)
            .collect(),
        requires: parse_list(requires).unwrap(),
        unreadable_requires: None,
        configs: BTreeMap::new(),
        manifest: Digest::of(b""),
        extra: BTreeMap::new(),
    }
}

fn spec(instances: &[(&str, &str)]) -> Spec {
    let mut spec = Spec::default();
    for (key, containers) in instances {
        let (service, name) = key.split_once('/').unwrap();
        spec.services
            .entry(service.into())
            .or_default()
            .insert(name.into(), instance(containers, ""));
    }
    spec
}

/// State of `requires` where `tax` runs as given.
fn answer(tax: &[(&str, &str)], requires: &str) -> (Fulfilment, String) {
    let mut spec = spec(tax);
    spec.services
        .entry("cart".into())
        .or_default()
        .insert("cart".into(), instance("cart=1.0.0", requires));
    let resolved = resolve(&spec).pop().unwrap();
    (resolved.state, resolved.found)
}

#[test]
fn the_story_is_told() {
    let mut spec = spec(&[("tax/tax", "tax=1.3.9"), ("cart/cart", "cart=2.0.0")]);
    let requires = parse_list("tax >=1.4").unwrap();
    spec.flags.insert(
        "tax-call".into(),
        Flag { enabled: true, value: json!(true), requires, ..Flag::default() },
    );
    assert_eq!(
        serde_json::to_value(resolve(&spec)).unwrap(),
        json!([{
            "dependent": {"flag": "tax-call"}, "dependency": {"service": "tax"}, "condition": ">=1.4",
            "active": true, "state": "unmet", "found": "tax runs 1.3.9",
        }])
    );
    spec.flags.get_mut("tax-call").unwrap().value = json!(false);
    assert!(!resolve(&spec)[0].active);
}

#[test]
fn every_instance_must_fulfil() {
    let both = [("tax/tax", "tax=1.4.1"), ("tax/tax-canary", "tax=1.3.9")];
    assert_eq!(
        answer(&both, "tax >=1.4"),
        (Unmet, "tax/tax runs 1.4.1 and tax/tax-canary runs 1.3.9".into())
    );
    assert_eq!(answer(&both, "tax >=1.3").0, Met);
    let unclear = [("tax/tax", "tax=1.4.1"), ("tax/tax-canary", "tax=latest")];
    assert_eq!(answer(&unclear, "tax >=1.4").0, Unknown);
    assert_eq!(answer(&unclear, "tax >=1.5").0, Unmet);
}

#[test]
fn many_instances_are_shortened_to_those_that_fail() {
    let many = [
        ("tax/a", "tax=1.4"),
        ("tax/b", "tax=1.5"),
        ("tax/c", "tax=1.6"),
        ("tax/d", "tax=1.7"),
        ("tax/e", "tax=1.3"),
    ];
    assert_eq!(
        answer(&many, "tax >=1.4").1,
        "tax/e runs 1.3, tax/a runs 1.4, tax/b runs 1.5 and there are 2 more"
    );
    assert_eq!(
        answer(&[("tax/a", "tax=1.4"), ("tax/b", "tax=1.4")], "tax >=1.4").1,
        "tax runs 1.4"
    );
}

#[test]
fn the_container_that_is_the_service_is_asked() {
    for (containers, state) in [
        ("tax=1.4.0 proxy=0.1.0", Met),
        ("tax-blue=1.4.0 proxy=0.1.0", Met),
        ("app=1.4.0 init=0.1.0", Met),
        ("app=1.4.0 worker=1.4.0", Met),
        ("app=1.4.0 worker=1.4.1", Unknown),
        ("init=1.4.0", Unknown),
    ] {
        assert_eq!(answer(&[("tax/tax-blue", containers)], "tax >=1.4").0, state, "{containers}");
    }
    assert_eq!(
        answer(&[("tax/blue", "app=1.4.0 init=1.0.0 worker=1.4.1")], "tax >=1.4").1,
        "tax runs several containers (app, worker), and which of them is tax cannot be told"
    );
    assert_eq!(answer(&[("tax/blue", "app=1.4.0 worker=1.4.1")], "tax").0, Met);
}

#[test]
fn what_is_missing_or_cannot_be_told_is_said() {
    for (tag, requires, expected) in [
        (
            "latest",
            "tax >=1.4",
            (Unknown, "tax runs image shop/tax:latest, whose version cannot be told"),
        ),
        ("latest", "tax", (Met, "tax runs image shop/tax:latest")),
        (
            "latest",
            "tax @3f2a91c",
            (Unknown, "tax runs image shop/tax:latest, whose commit is not known"),
        ),
        (
            "2024.01.15",
            "tax >=1.4",
            (Unknown, "tax runs 2024.01.15, and a date has no order with >=1.4"),
        ),
        ("3f2a91cd", "tax @3f2a91c", (Met, "tax runs commit 3f2a91cd")),
        (
            "abc1234",
            "tax @3f2a91c",
            (
                Unknown,
                "tax runs commit abc1234, and only git can tell whether 3f2a91c is part of it",
            ),
        ),
        ("1.4.0", "pricing", (Unmet, "pricing is not in this set")),
        ("1.4.0", "flag x", (Unmet, "flag x is not in this set")),
    ] {
        let (state, found) = answer(&[("tax/tax", &format!("tax={tag}"))], requires);
        assert_eq!((state, found.as_str()), expected, "{tag} {requires}");
    }
}

#[test]
fn what_cannot_be_read_is_unknown_and_no_more() {
    let mut spec = spec(&[("tax/tax", "tax=1.3.9")]);
    spec.services
        .entry("cart".into())
        .or_default()
        .insert("cart".into(), instance("cart=1.0.0", "flag stale=off; flag other"));
    let states = |spec: &Spec| {
        let state =
            |one: Resolved| (one.dependent.to_string(), one.dependency.to_string(), one.state);
        resolve(spec).into_iter().map(state).collect::<Vec<_>>()
    };
    let stale = Flag {
        enabled: true,
        unreadable: Some("its targeting refers to \"staff\"".into()),
        requires: parse_list("tax; tax >=1.4").unwrap(),
        ..Flag::default()
    };
    spec.flags.insert("stale".into(), stale);
    assert_eq!(
        states(&spec),
        [
            ("flag stale".into(), "tax".into(), Met),
            ("flag stale".into(), "tax".into(), Unknown),
            ("cart/cart".into(), "flag stale".into(), Unknown),
            ("cart/cart".into(), "flag other".into(), Unmet),
        ]
    );
    spec.add_unreadable_flags("flagd:a/b.json".into(), "it is not JSON".into());
    let instances = spec.services.get_mut("tax").unwrap();
    instances.get_mut("tax").unwrap().unreadable_requires = Some("why".into());
    assert_eq!(
        states(&spec)[3..],
        [
            ("cart/cart".into(), "flag other".into(), Unknown),
            ("tax/tax".into(), "tax/tax".into(), Unknown),
            ("flag flagd:a/b.json".into(), "flag flagd:a/b.json".into(), Unknown),
        ]
    );
}

#[test]
fn both_versions_count_while_both_run() {
    let mut spec = spec(&[("tax/tax", "tax=1.4.1")]);
    spec.services
        .entry("cart".into())
        .or_default()
        .insert("cart".into(), instance("cart=1.0.0", "tax >=1.4; tax >=1.3; tax >=1.5"));
    let tax = spec.services.get_mut("tax").and_then(|tax| tax.get_mut("tax")).unwrap();
    tax.containers.get_mut("tax").unwrap().also_running = vec!["shop/tax:1.3.9".to_owned()];
    let states: Vec<_> = resolve(&spec).into_iter().map(|one| (one.state, one.found)).collect();
    assert_eq!(
        states,
        [
            (
                Unknown,
                "tax runs 1.4.1, but its rollout has not ended and tax runs 1.3.9 as well".into()
            ),
            (Met, "tax runs 1.4.1".into()),
            (Unmet, "tax runs 1.4.1".into()),
        ]
    );
}

#[test]
fn a_candidate_is_resolved_against_what_runs_beside_it() {
    let mut candidate = spec(&[("tax/tax", "tax=1.4.0")]);
    candidate
        .services
        .entry("cart".into())
        .or_default()
        .insert("cart".into(), instance("cart=2.0.0", "tax >=1.4"));
    let running = spec(&[("tax/tax", "tax=1.3.9")]);
    let states = |present| {
        resolve_against(&candidate, present, &Ancestry::default())
            .into_iter()
            .map(|one| one.state)
            .collect::<Vec<_>>()
    };
    assert_eq!((states(&candidate), states(&running)), (vec![Met], vec![Unmet]));
}

#[test]
fn git_tells_whether_a_commit_is_at_or_after_another() {
    let spec = spec(&[("cart/cart", ""), ("tax/tax", "tax=7d1f0c9")]);
    let mut spec = spec;
    let cart = spec.services.get_mut("cart").unwrap().values_mut().next().unwrap();
    cart.requires = parse_list("tax @3f2a91c").unwrap();
    let asked: Vec<_> = questions(&[(None, &spec)], &Built::default()).into_iter().collect();
    let [question] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!((question.before.as_str(), question.after.as_str()), ("3f2a91c", "7d1f0c9"));
    let gap = Gap::NoRepository { service: "tax".into() };
    for (answer, state, found) in [
        (Ok(Relation::of(2, 0)), Met, "tax runs commit 7d1f0c9, which is after 3f2a91c"),
        (Ok(Relation::of(0, 0)), Met, "tax runs commit 7d1f0c9"),
        (Ok(Relation::of(0, 3)), Unmet, "tax runs commit 7d1f0c9, which is before 3f2a91c"),
        (
            Ok(Relation::of(1, 1)),
            Unmet,
            "tax runs commit 7d1f0c9, which does not have 3f2a91c in it",
        ),
        (
            Err(gap),
            Unknown,
            "tax runs commit 7d1f0c9, and nobody can tell whether 3f2a91c is part of it: \
             no git repository is known for tax",
        ),
    ] {
        let ancestry: Ancestry = [(question.clone(), answer)].into_iter().collect();
        let resolved = resolve_against(&spec, &spec, &ancestry);
        assert_eq!((resolved[0].state, resolved[0].found.as_str()), (state, found));
    }
}
