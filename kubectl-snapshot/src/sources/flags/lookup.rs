//! The value an environment variable has, where the set tells.

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::Value;

use super::environment::EnvLookup;
use crate::domain::{
    manifest::{Kind, Manifest, Workload},
    snapshot::Spec,
};

/// The ConfigMaps of a set, parsed when a variable points to them.
pub(super) struct Lookup<'a> {
    config_maps: BTreeMap<String, &'a Manifest>,
    parsed: RefCell<BTreeMap<String, Value>>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(spec: &'a Spec) -> Self {
        let config_maps =
            spec.objects.values().filter_map(|manifest| match manifest.identity()? {
                (Kind::ConfigMap, name) => Some((name, manifest)),
                _ => None,
            });
        Self { config_maps: config_maps.collect(), parsed: RefCell::default() }
    }

    /// The variable's value in a container: its own entry, else what the
    /// container takes in whole, the last of which counts.
    pub(super) fn find(
        &self,
        workload: &Workload<'_>,
        container: &str,
        variable: &str,
    ) -> EnvLookup {
        let Some(container) = workload.containers().find(|one| one.name == container) else {
            return EnvLookup::NotSet;
        };
        let entry = container.env().filter(|(name, ..)| *name == variable).last();
        if let Some((_, value, reference)) = entry {
            return match reference.map(|reference| reference.get("configMapKeyRef")) {
                // Neither a value nor a reference: a variable, whose value belongs to the place, or empty.
                None => value
                    .map_or(EnvLookup::Unreadable, |value| EnvLookup::Literal(value.to_owned())),
                Some(Some(key)) => self.key(key),
                Some(None) => EnvLookup::Unreadable,
            };
        }
        let taken_in = container.env_from().filter_map(|from| {
            let prefix = from.get("prefix").and_then(Value::as_str).unwrap_or_default();
            let key = variable.strip_prefix(prefix)?;
            match from.pointer("/configMapRef/name").and_then(Value::as_str) {
                Some(name) => self.value(name, key).map(EnvLookup::Literal),
                None => Some(EnvLookup::Unreadable),
            }
        });
        taken_in.last().unwrap_or(EnvLookup::NotSet)
    }

    fn key(&self, reference: &Value) -> EnvLookup {
        let text = |member: &str| reference.get(member).and_then(Value::as_str).unwrap_or_default();
        self.value(text("name"), text("key")).map_or(EnvLookup::NotSet, EnvLookup::Literal)
    }

    fn value(&self, config_map: &str, key: &str) -> Option<String> {
        let manifest = self.config_maps.get(config_map)?;
        let mut parsed = self.parsed.borrow_mut();
        let tree = parsed.entry(config_map.to_owned()).or_insert_with(|| manifest.tree());
        tree.get("data")?.get(key)?.as_str().map(str::to_owned)
    }
}
