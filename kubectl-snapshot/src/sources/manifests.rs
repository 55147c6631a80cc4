//! Kubernetes manifests: those that belong to a set, and the others counted.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use snapshot_core::{
    assembly::{Assembled, Assembly, AssemblyError, CaptureOptions, runs_containers},
    manifest::Kind,
};

use super::{PassedOver, SourceError};

/// Result of reading a document as a manifest.
pub(super) enum Found {
    /// Manifest, and has been dealt with.
    Taken,
    /// No manifest; the document is returned.
    NoManifest(Value),
}

/// Manifests on their way to a set, which is of one namespace.
pub(super) struct Manifests<'a> {
    assembly: Assembly,
    /// The namespace to choose, where there are several.
    namespace: Option<&'a str>,
    namespaces: BTreeSet<String>,
    /// Those of other namespaces than the one to choose.
    others: Vec<Other>,
    passed_over: PassedOver,
    /// The file that had an object first.
    files: BTreeMap<(Kind, String), String>,
}

/// A manifest that is taken only if nothing names the namespace to choose.
struct Other {
    kind: Kind,
    value: Value,
    file: String,
}

impl<'a> Manifests<'a> {
    pub(super) fn new(choices: CaptureOptions, namespace: Option<&'a str>) -> Self {
        Self {
            assembly: Assembly::new(choices),
            namespace,
            namespaces: BTreeSet::new(),
            others: Vec::new(),
            passed_over: PassedOver::default(),
            files: BTreeMap::new(),
        }
    }

    /// Takes a document if it is a manifest, a list of them included.
    pub(super) fn take(&mut self, mut value: Value, file: &str) -> Result<Found, SourceError> {
        let text = |member: &str| value.get(member).and_then(Value::as_str).map(str::to_owned);
        let (Some(kind), Some(api_version)) = (text("kind"), text("apiVersion")) else {
            return Ok(Found::NoManifest(value));
        };
        if let Some(kind_of_items) = kind.strip_suffix("List")
            && let Some(items) = value.get_mut("items").map(Value::take)
        {
            return self.take_items(items, (kind_of_items, &api_version), file);
        }
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        if let Some(kind) = Kind::named(&kind).filter(|kind| kind.is_of_group(group)) {
            self.take_object(kind, value, file)?;
        } else {
            self.leave_out(&kind, group, &value);
            self.passed_over.add(kind);
        }
        Ok(Found::Taken)
    }

    /// Notes an object that runs containers: whoever reads the set may believe that it is there.
    fn leave_out(&mut self, kind: &str, group: &str, value: &Value) {
        if !runs_containers(value) {
            return;
        }
        let text = |pointer| value.pointer(pointer).and_then(Value::as_str);
        let elsewhere = |namespace: &str| self.namespace.is_some_and(|wanted| wanted != namespace);
        if text("/metadata/namespace").is_some_and(elsewhere) {
            return;
        }
        // Knative's Service is not the Service of everybody else.
        let kind = match Kind::named(kind) {
            Some(_) => format!("{kind}.{group}"),
            None => kind.to_owned(),
        };
        self.assembly.leave_out(&kind, text("/metadata/name").unwrap_or_default());
    }

    /// Takes the items of a list; those of a `DeploymentList` do not repeat what they are.
    fn take_items(
        &mut self,
        items: Value,
        (kind, api_version): (&str, &str),
        file: &str,
    ) -> Result<Found, SourceError> {
        // An empty list is written as null, too.
        let Value::Array(items) = items else { return Ok(Found::Taken) };
        for mut item in items {
            if let Value::Object(members) = &mut item
                && !kind.is_empty()
            {
                members.entry("kind").or_insert_with(|| kind.into());
                members.entry("apiVersion").or_insert_with(|| api_version.into());
            }
            if let Found::NoManifest(item) = self.take(item, file)? {
                return Ok(Found::NoManifest(item));
            }
        }
        Ok(Found::Taken)
    }

    fn take_object(&mut self, kind: Kind, value: Value, file: &str) -> Result<(), SourceError> {
        let namespace = value.pointer("/metadata/namespace").and_then(Value::as_str);
        if let Some(namespace) = namespace.filter(|namespace| !namespace.is_empty()) {
            self.namespaces.insert(namespace.to_owned());
            if self.namespace.is_some_and(|wanted| wanted != namespace) {
                self.others.push(Other { kind, value, file: file.to_owned() });
                return Ok(());
            }
        }
        if self.namespace.is_none() && self.namespaces.len() > 1 {
            // Names of several may clash, which is not the mistake to speak of.
            return Ok(());
        }
        self.add(kind, value, file)
    }

    fn add(&mut self, kind: Kind, value: Value, file: &str) -> Result<(), SourceError> {
        let name = value.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        let key = (kind, name.to_owned());
        match self.assembly.add(kind, value) {
            Ok(()) => {
                self.files.entry(key).or_insert_with(|| file.to_owned());
                Ok(())
            }
            Err(error @ AssemblyError::Twice { .. }) => Err(match self.files.remove(&key) {
                Some(first) if first != file => SourceError::Contradiction {
                    kind,
                    object: key.1,
                    first,
                    second: file.to_owned(),
                },
                _ => SourceError::Assembly { name: file.to_owned(), error },
            }),
            Err(error) => Err(SourceError::Assembly { name: file.to_owned(), error }),
        }
    }

    /// Takes flag definitions; none where the document is something else.
    pub(super) fn take_flags(
        &mut self,
        value: &Value,
        file: &str,
    ) -> Option<Result<(), SourceError>> {
        let taken = self.assembly.add_flag_file(file, value)?;
        Some(taken.map_err(|error| SourceError::FlagFile { error: Box::new(error) }))
    }

    /// The set, and the kinds that belong to none. `name` is for messages.
    ///
    /// A set that names one namespace throughout is taken whatever the
    /// namespace to choose is: it is to be compared with another, or applied there.
    pub(super) fn finish(mut self, name: &str) -> Result<(Assembled, PassedOver), SourceError> {
        let is_there = self.namespace.is_some_and(|wanted| self.namespaces.contains(wanted));
        if !is_there && self.namespaces.len() > 1 {
            let namespaces = self.namespaces.into_iter().collect();
            return Err(SourceError::Namespaces { name: name.to_owned(), namespaces });
        }
        if !is_there {
            for Other { kind, value, file } in std::mem::take(&mut self.others) {
                self.add(kind, value, &file)?;
            }
        }
        let assembled = self.assembly.finish().map_err(|error| {
            let object = error.object().map(|(kind, name)| (kind, name.to_owned()));
            let file = object.and_then(|object| self.files.get(&object));
            let name = file.map_or(name, String::as_str).to_owned();
            SourceError::Flags { name, error: Box::new(error) }
        })?;
        Ok((assembled, self.passed_over))
    }
}
