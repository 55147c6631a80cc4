//! Any snapshot, for property tests.

use std::collections::BTreeMap;

use proptest::{collection::btree_map, collection::vec, option, prelude::*};
use serde_json::{Value, json};

use crate::{
    digest::Digest,
    flag::Flag,
    manifest::{Kind, Manifest},
    parts::{Document, Parts, Several},
    requirement::Requirement,
    snapshot::{Container, EnvValue, Instance, Metadata, Snapshot, Spec},
    unknown_fields::UnknownFields,
};

/// Names and values as people write them, and as nobody should.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z][a-z0-9-]{0,12}", 1 => any::<String>()]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map(text(), inner, 0..3).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Members of a newer minor version: never called as one that is known.
fn extra() -> impl Strategy<Value = UnknownFields> {
    btree_map("x-[a-z\u{1F600}\u{FB33}]{1,6}", value(), 0..3)
}

fn env_value() -> impl Strategy<Value = EnvValue> {
    prop_oneof![
        text().prop_map(EnvValue::Literal),
        text().prop_map(|variable| EnvValue::Variable { variable }),
        (text(), text()).prop_map(|(name, key)| {
            EnvValue::Reference(json!({"secretKeyRef": {"name": name, "key": key}}))
        }),
    ]
}

fn container() -> impl Strategy<Value = Container> {
    (
        text(),
        option::of(text()),
        option::of(text()),
        any::<bool>(),
        vec(text(), 0..2),
        btree_map(text(), env_value(), 0..4),
        extra(),
    )
        .prop_map(|(image, tag, digest, init, also_running, env, extra)| Container {
            image,
            commit: tag.clone(),
            version: tag.clone(),
            tag,
            digest,
            init,
            also_running,
            env,
            extra,
        })
}

fn requires() -> impl Strategy<Value = Vec<Requirement>> {
    let known: &'static [&'static str] =
        &["tax", "tax >=1.4", "pricing @3f2a91c", "flag tax-call", "flag layout=compact"];
    vec(prop::sample::select(known).prop_map(|text| text.parse().unwrap()), 0..3)
}

/// An instance, and the objects that it refers to.
fn instance() -> impl Strategy<Value = (Instance, Vec<Manifest>)> {
    let kind = prop::sample::select(Kind::workloads().collect::<Vec<_>>());
    let parts = (
        kind,
        btree_map(text(), container(), 0..3),
        requires(),
        value(),
        option::of(text()),
        extra(),
    );
    parts.prop_map(|(kind, containers, requires, spec, config, extra)| {
        let manifest = Manifest::new(&json!({"kind": kind, "spec": spec}));
        let config = config
            .map(|name| (name.clone(), Manifest::new(&json!({"kind": "ConfigMap", "name": name}))));
        let configs =
            config.iter().map(|(name, manifest)| (name.clone(), manifest.digest())).collect();
        let instance = Instance {
            kind,
            containers,
            requires,
            unreadable_requires: None,
            configs,
            manifest: manifest.digest(),
            extra,
        };
        (instance, std::iter::once(manifest).chain(config.map(|(_, manifest)| manifest)).collect())
    })
}

fn flag() -> impl Strategy<Value = Flag> {
    let parts = (
        any::<bool>(),
        value(),
        btree_map(text(), value(), 0..3),
        option::of(text()),
        text(),
        requires(),
        extra(),
    );
    parts.prop_map(|(enabled, value, variants, service, source, requires, extra)| Flag {
        enabled,
        value,
        variants,
        targeting: None,
        service,
        source,
        requires,
        extra,
        ..Flag::default()
    })
}

fn spec() -> impl Strategy<Value = Spec> {
    let services = btree_map(text(), btree_map(text(), instance(), 0..3), 0..4);
    (services, btree_map(text(), flag(), 0..3), extra()).prop_map(|(services, flags, extra)| {
        let mut spec = Spec { flags, extra, ..Spec::default() };
        for (service, instances) in services {
            let mut kept = BTreeMap::new();
            for (name, (instance, objects)) in instances {
                spec.objects.extend(objects.into_iter().map(|object| (object.digest(), object)));
                kept.insert(name.into(), instance);
            }
            spec.services.insert(service, kept);
        }
        spec
    })
}

fn metadata() -> impl Strategy<Value = Metadata> {
    let word = || option::of(text());
    let parts = (
        word(),
        word(),
        word(),
        word(),
        word(),
        btree_map(text(), vec(text(), 0..3), 0..3),
        extra(),
    );
    parts.prop_map(|(name, created, author, source, message, variables, extra)| Metadata {
        name,
        created,
        author,
        source,
        message,
        variables,
        flag_sources: BTreeMap::new(),
        resource_version: None,
        extra,
    })
}

/// Any snapshot whose objects are all there.
pub fn snapshot() -> impl Strategy<Value = Snapshot> {
    (metadata(), spec()).prop_map(|(metadata, spec)| Snapshot { metadata, spec })
}

/// Any document: of one namespace, or in parts.
///
/// # Panics
/// Never: the names are those of namespaces, and there are two at least.
pub fn document() -> impl Strategy<Value = Document> {
    let parts = btree_map("[a-z]([a-z0-9-]{0,8}[a-z0-9])?", snapshot(), 2..4);
    prop_oneof![
        2 => snapshot().prop_map(Document::One),
        1 => (metadata(), parts, extra()).prop_map(|(metadata, parts, extra)| {
            let parts = parts.into_iter().map(|(name, part)| (name.parse().unwrap(), part));
            let parts = Parts::new(parts.collect()).unwrap();
            Document::Several(Several { metadata, parts, extra })
        }),
    ]
}

/// A digest that nothing has.
#[must_use]
pub fn no_digest() -> Digest {
    Digest::of(b"nothing has this digest")
}
