//! Random sets of objects as teams write them, valid to a real API server.
//!
//! Two sets of a pair have the same objects, or some of them, and agree in what cannot be changed.
//! None of their pods finds a node: what pods run is tested elsewhere, and here it would depend on
//! the time of a look.

mod container;
mod pod;
mod workload;

use proptest::{
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Map, Value, json};

/// Two random sets that one namespace can run one after the other.
#[derive(Debug)]
pub struct Pair {
    /// Objects of the first.
    pub first: Vec<Value>,
    /// Objects of the second.
    pub second: Vec<Value>,
}

/// Pairs of random sets, the same for each number.
///
/// # Panics
/// Never: nothing is filtered out.
#[must_use]
pub fn random_pair(seed: u64) -> Pair {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let mut next = || {
        let objects = objects().new_tree(&mut runner).expect("nothing is filtered out").current();
        objects.into_iter().flatten().collect()
    };
    Pair { first: next(), second: next() }
}

/// A name that may be sought in vain, so that no pod runs.
pub(crate) const NODE: (&str, &str) = ("node.example/of", "nobody");

fn objects() -> impl Strategy<Value = Vec<Option<Value>>> {
    let object = |object: BoxedStrategy<Value>| proptest::option::weighted(0.8, object).boxed();
    vec![
        object(workload::deployment("cart").boxed()),
        object(workload::deployment("cart-canary").boxed()),
        object(workload::stateful_set("ledger").boxed()),
        object(workload::daemon_set("agent").boxed()),
        object(workload::cron_job("nightly").boxed()),
        object(config_map("texts").boxed()),
        object(config_map("shop-config").boxed()),
        object(flags().boxed()),
        object(service("cart").boxed()),
        object(headless("ledger").boxed()),
        object(account("cart").boxed()),
    ]
}

/// A choice, each as likely as the other.
fn one_of(choices: Value) -> impl Strategy<Value = Value> {
    let Value::Array(choices) = choices else { panic!("a list of choices") };
    select(choices)
}

/// Members of an object, each there or not, with one of its choices.
fn members(choices: Value) -> impl Strategy<Value = Map<String, Value>> {
    let Value::Object(choices) = choices else { panic!("members with lists of choices") };
    let members: Vec<_> = choices
        .into_iter()
        .map(|(name, choices)| {
            proptest::option::weighted(
                0.35,
                one_of(choices).prop_map(move |value| (name.clone(), value)),
            )
        })
        .collect();
    members.prop_map(|members| members.into_iter().flatten().collect())
}

fn metadata(name: &'static str) -> impl Strategy<Value = Value> {
    members(json!({
        "labels": [{}, {"app": name}, {"app.kubernetes.io/name": name, "app.kubernetes.io/version": "1.4.0"}, {"team": ""}],
        "annotations": [{}, {"note": ""}, {"shop.example/url": "https://shop.example/?a=b&c=d", "kubectl-snapshot.dev/commit": "3f2a91c"}],
    }))
    .prop_map(move |mut metadata| {
        metadata.insert("name".to_owned(), name.into());
        metadata.into()
    })
}

fn object(
    api_version: &'static str,
    kind: &'static str,
    name: &'static str,
    rest: impl Strategy<Value = Map<String, Value>>,
) -> impl Strategy<Value = Value> {
    (metadata(name), rest).prop_map(move |(metadata, rest)| {
        let mut object = json!({"apiVersion": api_version, "kind": kind, "metadata": metadata});
        object.as_object_mut().expect("it is one").extend(rest);
        object
    })
}

/// One that has a `spec`.
fn with_spec(spec: Value) -> Map<String, Value> {
    Map::from_iter([("spec".to_owned(), spec)])
}

fn config_map(name: &'static str) -> impl Strategy<Value = Value> {
    let rest = members(json!({
        "data": [{}, {"log": "info"}, {"log": "debug", "empty": "", "shop.properties": "a=b\n\n# c\r\n"}, {"log": "1", "yes": "no", "text": "\ttabs\u{a0}"}],
        "binaryData": [{}, {"logo": "aGVsbG8="}, {"logo": "", "seal": "AAECAwQ="}],
    }));
    object("v1", "ConfigMap", name, rest)
}

fn flags() -> impl Strategy<Value = Value> {
    let tax = json!({"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on", "metadata": {"service": "cart"}});
    let mut off = tax.clone();
    off["defaultVariant"] = "off".into();
    let rate = json!({"state": "DISABLED", "variants": {"low": 0.1, "whole": 1.0}, "defaultVariant": "low"});
    let file = |flags: Value| json!({"flags.json": json!({"flags": flags}).to_string()});
    let data = json!([
        file(json!({"tax-call": tax})),
        file(json!({"tax-call": off, "rate": rate})),
        file(json!({})),
        {"flags.yaml": "flags:\n  tax-call:\n    state: ENABLED\n    variants: {on: true, off: false}\n    defaultVariant: on\n"},
    ]);
    let rest = one_of(data).prop_map(|data| Map::from_iter([("data".to_owned(), data)]));
    object("v1", "ConfigMap", "flags", rest)
}

fn account(name: &'static str) -> impl Strategy<Value = Value> {
    let rest = members(json!({
        "automountServiceAccountToken": [true, false],
        "imagePullSecrets": [[], [{"name": "registry"}]],
    }));
    object("v1", "ServiceAccount", name, rest)
}

fn service(name: &'static str) -> impl Strategy<Value = Value> {
    let spec = members(json!({
        "ports": [
            [{"port": 80}],
            [{"port": 80, "targetPort": "http", "protocol": "TCP", "appProtocol": "h2c"}],
            [{"port": 53, "protocol": "UDP", "name": "dns"}, {"port": 53, "name": "dns-tcp", "targetPort": 5353}],
        ],
        "sessionAffinity": ["None", "ClientIP"],
        "internalTrafficPolicy": ["Cluster", "Local"],
        "publishNotReadyAddresses": [true, false],
        "ipFamilyPolicy": ["SingleStack"],
        "type": ["ClusterIP", "NodePort", "LoadBalancer"],
    }));
    let rest = spec.prop_map(move |mut spec| {
        spec.entry("ports").or_insert_with(|| json!([{"port": 8080}]));
        spec.insert("selector".to_owned(), json!({"instance": name}));
        with_spec(spec.into())
    });
    object("v1", "Service", name, rest)
}

fn headless(name: &'static str) -> impl Strategy<Value = Value> {
    let spec = members(json!({
        "ports": [[{"port": 5432}], [{"port": 5432, "name": "sql"}, {"port": 9187, "name": "metrics"}]],
        "publishNotReadyAddresses": [true],
    }));
    let rest = spec.prop_map(move |mut spec| {
        spec.insert("clusterIP".to_owned(), "None".into());
        spec.insert("selector".to_owned(), json!({"instance": name}));
        with_spec(spec.into())
    });
    object("v1", "Service", name, rest)
}
