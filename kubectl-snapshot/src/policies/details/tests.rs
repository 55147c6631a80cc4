//! Details of sets and of what is recorded.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize as _;
use serde_json::{Value, json};
use snapshot_core::{
    ancestry::Ancestry,
    digest::Digest,
    environment::PlaceValues,
    evidence::{Evidence, Outcome},
    manifest::Manifest,
    plan::WrittenImages,
    policy::{Decision, fixture::InlineSet},
    promotion::{StageState, Standing},
    snapshot::Snapshot,
};
use snapshot_policy_host::records::Topic;

use super::Wanted;
use crate::policies::{Captured, Facts, Past, Place, Question};

fn set(value: Value) -> Snapshot {
    InlineSet::deserialize(value).unwrap().assemble().unwrap()
}

/// No git history, for questions that live as long as a test.
fn no_history() -> &'static Ancestry {
    static NONE: LazyLock<Ancestry> = LazyLock::new(Ancestry::default);
    &NONE
}

fn facts<'a>(
    candidate: &'a Snapshot,
    running: Option<&'a Snapshot>,
    past: Option<Past<'a>>,
) -> Facts<'a> {
    Facts {
        ancestry: no_history(),
        name: "rel-43",
        candidate,
        running: running.map(|running| ("live:prod", running)),
        now: 1_795_341_600,
        captured: Captured { candidate: Some(7), running: None },
        place: None,
        past,
    }
}

fn told(facts: &Facts<'_>, topics: &[Topic], config_maps: &[&str]) -> Value {
    let wanted = Wanted {
        topics: topics.iter().copied().collect(),
        config_maps: config_maps.iter().map(|name| (*name).to_owned()).collect(),
    };
    let question = Question::compatibility(facts).tell(facts, &wanted).to_value();
    question.get("details").cloned().unwrap_or(Value::Null)
}

fn shop() -> Snapshot {
    set(json!({
        "author": "ada", "message": "sprint 12",
        "configMaps": {"schema": {"version": "7", "a": "b"}, "other": {"x": "y"}},
        "services": [{
            "service": "cart", "podLabels": {"zone": "eu"}, "podAnnotations": {"note": "n"}, "envFrom": ["other"],
            "containers": [
                {"name": "cart", "image": "shop/cart:2.0.0", "alsoRunning": ["shop/cart:1.9.0"]},
                {"name": "migrate", "image": "shop/migrate:7", "init": true},
            ],
        }],
    }))
}

#[test]
fn who_asks_nothing_is_told_nothing() {
    let shop = shop();
    let facts = facts(&shop, None, None);
    assert_eq!(told(&facts, &[], &["schema"]), Value::Null);
    // Where records are not read, nobody knows what they say.
    assert_eq!(told(&facts, &[Topic::Stages, Topic::Facts], &[]), Value::Null);
}

#[test]
fn a_capture_is_told_as_its_document_tells_it() {
    let shop = shop();
    let captures = told(&facts(&shop, Some(&shop), None), &[Topic::Captures], &[]);
    let ada = |at: Value| json!({"name": null, "author": "ada", "at": at, "source": "fixture", "message": "sprint 12"});
    assert_eq!(
        captures,
        json!({"captures": {"candidate": ada(json!(7)), "running": ada(Value::Null)}})
    );
}

#[test]
fn config_maps_are_told_where_a_binding_names_them() {
    let shop = shop();
    let told = told(&facts(&shop, None, None), &[Topic::ConfigMaps], &["schema", "gone"]);
    let data = json!([{"key": "a", "value": "b"}, {"key": "version", "value": "7"}]);
    assert_eq!(
        told,
        json!({"config-maps": [
            {"name": "gone", "contents": null},
            {"name": "schema", "contents": {"data": data, "binary": []}},
        ]})
    );
}

#[test]
fn instances_are_told_with_pods_and_rollouts() {
    let shop = shop();
    let told = told(&facts(&shop, Some(&shop), None), &[Topic::Instances], &[]);
    let cart = &told["instances"]["candidate"][0];
    assert_eq!(cart["instance"], "cart/cart");
    assert!(
        cart["pod-labels"].as_array().unwrap().contains(&json!({"key": "zone", "value": "eu"}))
    );
    assert_eq!(cart["pod-annotations"], json!([{"key": "note", "value": "n"}]));
    assert_eq!(cart["containers"][0]["also-running"], json!(["shop/cart:1.9.0"]));
    assert_eq!(cart["containers"][1], json!({"name": "migrate", "init": true, "also-running": []}));
    assert_eq!(cart["config-maps"], json!(["other"]));
    assert_eq!(told["instances"]["running"], told["instances"]["candidate"]);
}

#[test]
fn routes_are_told_with_those_who_get_the_requests() {
    let before = json!({"services": [
        {"service": "cart", "image": "shop/cart:2.3.0"},
    ]});
    let (mut set, running) = (shop(), set(before));
    let service = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "cart"},
        "spec": {"selector": {"zone": "eu"}},
    });
    let route = json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
        "metadata": {"name": "cart"}, "spec": {"rules": [{"backendRefs": [{"name": "cart"}]}]},
    });
    for object in [service, route] {
        let manifest = Manifest::new(&object);
        set.spec.objects.insert(manifest.digest(), manifest);
    }
    let told = told(&facts(&set, Some(&running), None), &[Topic::Routes], &[]);
    assert_eq!(told["routes"]["running"], json!([]));
    let route = &told["routes"]["candidate"][0];
    assert_eq!(route["name"], "cart");
    let share = &route["rules"][0]["shares"][0];
    assert_eq!(
        share,
        &json!({"backend": "cart", "weight": 1, "sum": 1, "instances": ["cart/cart"]})
    );
}

#[test]
fn what_stays_is_told_where_the_place_is_known() {
    let (candidate, running) = (
        shop(),
        set(json!({
            "services": [
                {"service": "cart", "image": "shop/cart:1.9.0"},
                {"service": "till", "image": "shop/till:3"},
            ],
            "flags": [{"key": "exp-till", "service": "till"}, {"key": "gone"}],
        })),
    );
    let mut will_run = candidate.spec.clone();
    will_run.services.insert("till".into(), running.spec.services["till"].clone());
    will_run.flags.insert("exp-till".into(), running.spec.flags["exp-till"].clone());
    let (values, pins) = (PlaceValues::default(), BTreeMap::new());
    let written = WrittenImages::new();
    let at = |written, will_run| Some(Place { values: &values, pins: &pins, written, will_run });
    let ask = |place| {
        let facts = Facts { place, ..facts(&candidate, Some(&running), None) };
        told(&facts, &[Topic::Beside], &[])
    };
    // Of a set alone nobody knows it, nor where variables alone are known.
    assert_eq!([ask(None), ask(at(None, None))], [Value::Null, Value::Null]);
    let nothing = json!({"beside": {"instances": [], "feature-flags": []}});
    assert_eq!(ask(at(Some(&written), None)), nothing);
    let beside = &ask(at(Some(&written), Some(&will_run)))["beside"];
    assert_eq!(beside["instances"][0]["service"], "till");
    assert_eq!(beside["instances"].as_array().unwrap().len(), 1);
    let flag = &beside["feature-flags"][0];
    assert_eq!(
        (&flag["key"], &flag["service"], &flag["state"]),
        (&json!("exp-till"), &json!("till"), &json!("on"))
    );
    assert_eq!(beside["feature-flags"].as_array().unwrap().len(), 1);
}

#[test]
fn records_and_evidence_are_told_whole() {
    let shop = shop();
    let standing = Standing {
        snapshot: Digest::of(b"set"),
        name: Some("rel-42".to_owned()),
        record: 7,
        record_digest: Digest::of(b"record"),
        actor: "ada".to_owned(),
        at: 9,
        doubt: None,
    };
    let stages = [
        StageState { stage: "qa".parse().unwrap(), runs: Some(standing) },
        StageState { stage: "dev".parse().unwrap(), runs: None },
    ];
    let evidence = [Evidence {
        kind: "approval".to_owned(),
        name: "promotion".to_owned(),
        outcome: Outcome::Passed,
        value: None,
        stage: Some("prod".parse().unwrap()),
        actor: "grace".to_owned(),
        groups: Some(vec!["release".to_owned()]),
        at: 8,
        detail: Some("looked at".to_owned()),
        link: None,
    }];
    let past = Past { stages: &stages, evidence: &evidence };
    let facts = facts(&shop, None, Some(past));
    let told = told(&facts, &[Topic::Stages, Topic::Facts], &[]);
    assert_eq!(told["stages"][0], json!({"stage": "dev", "runs": null}));
    let runs = &told["stages"][1]["runs"];
    assert_eq!((&runs["record-number"], &runs["name"]), (&json!(7), &json!("rel-42")));
    assert_eq!(runs["record-digest"], Digest::of(b"record").to_string());
    assert_eq!(told["facts"][0]["groups"], json!(["release"]));
    assert_eq!(told["facts"][0]["detail"], "looked at");
}

#[test]
fn a_recorded_question_is_read_again() {
    let shop = shop();
    let facts = facts(&shop, Some(&shop), None);
    let topics = Topic::ALL.into_iter().collect();
    let wanted = Wanted { topics, config_maps: ["schema".to_owned()].into() };
    let question = Question::compatibility(&facts).tell(&facts, &wanted);
    let value = question.to_value();
    assert_eq!(Question::from_value(Decision::Compatibility, &value).unwrap(), question);
}

#[test]
fn definitions_that_cannot_be_read_are_flags_that_nobody_knows() {
    let mut set =
        set(json!({"flags": [{"key": "a", "value": true}, {"key": "z", "value": false}]}));
    set.spec.extra.insert("unreadableFlags".into(), json!({"flagd:flags/shop.json": "why"}));
    let told = told(&facts(&set, None, None), &[Topic::FlagStates], &[]);
    let states = told["flag-states"].as_array().unwrap();
    let known: Vec<String> =
        states.iter().map(|one| format!("{} {}", one["key"], one["state"])).collect();
    let unread = r#""flagd:flags/shop.json" "unknown""#;
    assert_eq!(known, [r#""a" "on""#, unread, r#""z" "off""#]);
}
