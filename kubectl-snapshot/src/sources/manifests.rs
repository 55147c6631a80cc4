//! Kubernetes manifests: those that belong to a set, and the others counted.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::SourceError;
use crate::domain::{
    assembly::{Assembled, Assembly, Choices},
    manifest::Kind,
};

/// API groups under which a kind has been known, before and since.
fn is_group_of(kind: Kind, group: &str) -> bool {
    group == kind.group() || matches!((kind, group), (Kind::Deployment | Kind::DaemonSet, "extensions"))
}

/// Whether a document was a manifest.
pub(super) enum Found {
    /// It was, and has been dealt with.
    Taken,
    /// It was not; here it is back.
    NoManifest(Value),
}

/// Manifests on their way to a set.
pub(super) struct Manifests<'a> {
    assembly: Assembly,
    namespace: Option<&'a str>,
    namespaces: BTreeSet<String>,
    passed_over: BTreeMap<String, usize>,
}

impl<'a> Manifests<'a> {
    pub(super) fn new(choices: Choices, namespace: Option<&'a str>) -> Self {
        Self {
            assembly: Assembly::new(choices),
            namespace,
            namespaces: BTreeSet::new(),
            passed_over: BTreeMap::new(),
        }
    }

    /// Takes a document if it is a manifest, a list of them included.
    pub(super) fn take(&mut self, mut value: Value, file: &str) -> Result<Found, SourceError> {
        let text = |member: &str| value.get(member).and_then(Value::as_str).map(str::to_owned);
        let (Some(kind), Some(api_version)) = (text("kind"), text("apiVersion")) else {
            return Ok(Found::NoManifest(value));
        };
        if kind.ends_with("List")
            && let Some(Value::Array(items)) = value.get_mut("items").map(Value::take)
        {
            for item in items {
                self.take(item, file)?;
            }
            return Ok(Found::Taken);
        }
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        match Kind::named(&kind).filter(|kind| is_group_of(*kind, group)) {
            Some(kind) => self.take_object(kind, value, file)?,
            None => *self.passed_over.entry(kind).or_default() += 1,
        }
        Ok(Found::Taken)
    }

    fn take_object(&mut self, kind: Kind, value: Value, file: &str) -> Result<(), SourceError> {
        if let Some(namespace) = value.pointer("/metadata/namespace").and_then(Value::as_str) {
            if self.namespace.is_some_and(|wanted| wanted != namespace) {
                return Ok(());
            }
            self.namespaces.insert(namespace.to_owned());
        }
        let refused = |error| SourceError::Assembly { name: file.to_owned(), error };
        if self.namespaces.len() > 1 {
            return Err(SourceError::Namespaces {
                name: file.to_owned(),
                namespaces: self.namespaces.iter().cloned().collect(),
            });
        }
        self.assembly.add(kind, value).map_err(refused)
    }

    /// The set, and the kinds that belong to none.
    pub(super) fn finish(self) -> (Assembled, BTreeMap<String, usize>) {
        (self.assembly.finish(), self.passed_over)
    }
}
