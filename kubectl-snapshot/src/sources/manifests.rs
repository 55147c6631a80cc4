//! Kubernetes manifests: those that belong to a set, and the others counted.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use snapshot_core::{
    assembly::{Assembled, Assembly, AssemblyError, CaptureOptions, runs_containers},
    manifest::Kind,
    parts::PartName,
    routes::Steering,
};

use super::{PassedOver, SourceError};

/// Result of reading a document as a manifest.
pub(super) enum Found {
    /// Manifest, and has been dealt with.
    Taken,
    /// No manifest; the document is returned.
    NoManifest(Value),
}

/// Manifests on their way to a set.
///
/// Without a choice, those of one namespace are a set, and those of several its parts. Where one
/// is chosen, it is taken among several; where several are, each is a part.
pub(super) struct Manifests<'a> {
    options: CaptureOptions,
    /// The namespaces to choose, where there are several.
    chosen: &'a [String],
    /// Those that name no namespace, and those of the first that is named or of the one chosen.
    first: Assembly,
    first_namespace: Option<PartName>,
    /// Those of each other namespace that is taken.
    others: BTreeMap<PartName, Assembly>,
    namespaces: BTreeSet<PartName>,
    /// Those of other namespaces than the one to choose.
    held: Vec<Held>,
    /// Objects that run containers and are of no kind that a set has.
    left_out: Vec<(Option<PartName>, String, String)>,
    /// Steering of routes by objects that belong to no set.
    steerings: Vec<(Option<PartName>, Steering)>,
    /// The first that names no namespace: its name, and the file that has it.
    unplaced: Option<(String, String)>,
    passed_over: PassedOver,
    /// The file that had an object first, by namespace.
    files: BTreeMap<(Option<PartName>, Kind, String), String>,
}

/// A manifest that is taken only if nothing names the namespace to choose.
struct Held {
    namespace: PartName,
    kind: Kind,
    value: Value,
    file: String,
}

/// The sets that manifests are: one, or parts by their namespaces.
#[derive(Debug)]
pub(super) enum Sets {
    /// Manifests of one namespace.
    One(Box<Assembled>),
    /// Manifests of several.
    Parts(Vec<(PartName, Assembled)>),
}

impl<'a> Manifests<'a> {
    pub(super) fn new(options: CaptureOptions, chosen: &'a [String]) -> Self {
        Self {
            first: Assembly::new(options.clone()),
            options,
            chosen,
            first_namespace: None,
            others: BTreeMap::new(),
            namespaces: BTreeSet::new(),
            held: Vec::new(),
            left_out: Vec::new(),
            steerings: Vec::new(),
            unplaced: None,
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
            self.leave_out(&kind, group, &value, file)?;
            if let Some(steering) = Steering::of(group, &kind, &value) {
                self.steerings.push((namespace_of(&value, file)?, steering));
            }
            self.passed_over.add(kind);
        }
        Ok(Found::Taken)
    }

    /// Notes an object that runs containers: whoever reads the set may believe that it is there.
    fn leave_out(
        &mut self,
        kind: &str,
        group: &str,
        value: &Value,
        file: &str,
    ) -> Result<(), SourceError> {
        if !runs_containers(value) {
            return Ok(());
        }
        let namespace = namespace_of(value, file)?;
        let elsewhere = |name: &PartName| !self.chosen.iter().any(|one| one == name.as_ref());
        if !self.chosen.is_empty() && namespace.as_ref().is_some_and(elsewhere) {
            return Ok(());
        }
        // Knative's Service is not the Service of everybody else.
        let kind = match Kind::named(kind) {
            Some(_) => format!("{kind}.{group}"),
            None => kind.to_owned(),
        };
        let name = value.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        self.left_out.push((namespace, kind, name.to_owned()));
        Ok(())
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
        let namespace = namespace_of(&value, file)?;
        let Some(namespace) = namespace else {
            let name = value.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
            let named = || (format!("{kind} {name}"), file.to_owned());
            self.unplaced.get_or_insert_with(named);
            return self.add(None, kind, value, file);
        };
        self.namespaces.insert(namespace.clone());
        match self.chosen {
            [wanted] if wanted != namespace.as_ref() => {
                self.held.push(Held { namespace, kind, value, file: file.to_owned() });
                Ok(())
            }
            [] | [_] => self.add(Some(namespace), kind, value, file),
            several if several.iter().any(|one| one == namespace.as_ref()) => {
                self.add(Some(namespace), kind, value, file)
            }
            _ => Ok(()),
        }
    }

    /// The assembly of a namespace; that of the first one also takes what names none.
    fn assembly(&mut self, namespace: Option<&PartName>) -> &mut Assembly {
        match namespace {
            Some(name) if self.first_namespace.get_or_insert_with(|| name.clone()) != name => {
                let options = &self.options;
                self.others.entry(name.clone()).or_insert_with(|| Assembly::new(options.clone()))
            }
            _ => &mut self.first,
        }
    }

    fn add(
        &mut self,
        namespace: Option<PartName>,
        kind: Kind,
        value: Value,
        file: &str,
    ) -> Result<(), SourceError> {
        let name = value.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        let name = name.to_owned();
        let added = self.assembly(namespace.as_ref()).add(kind, value);
        // What names no namespace stands beside what names the first.
        let key = (namespace.or_else(|| self.first_namespace.clone()), kind, name);
        match added {
            Ok(()) => {
                self.files.entry(key).or_insert_with(|| file.to_owned());
                Ok(())
            }
            Err(error @ AssemblyError::Twice { .. }) => {
                let (_, kind, object) = &key;
                let alone = (None, *kind, object.clone());
                let first = self.files.remove(&key).or_else(|| self.files.remove(&alone));
                Err(match first {
                    Some(first) if first != file => SourceError::Contradiction {
                        kind: *kind,
                        object: object.clone(),
                        first,
                        second: file.to_owned(),
                    },
                    _ => SourceError::Assembly { name: file.to_owned(), error },
                })
            }
            Err(error) => Err(SourceError::Assembly { name: file.to_owned(), error }),
        }
    }

    /// Takes flag definitions; none where the document is something else.
    pub(super) fn take_flags(
        &mut self,
        value: &Value,
        file: &str,
    ) -> Option<Result<(), SourceError>> {
        let taken = self.first.add_flag_file(file, value)?;
        let named = || ("the flag definitions".to_owned(), file.to_owned());
        self.unplaced.get_or_insert_with(named);
        Some(taken.map_err(|error| SourceError::FlagFile { error: Box::new(error) }))
    }

    /// The sets, and the kinds that belong to none. `name` is for messages.
    ///
    /// A set that names one namespace throughout is taken whatever the one
    /// namespace to choose is: it is to be compared with another, or applied there.
    pub(super) fn finish(mut self, name: &str) -> Result<(Sets, PassedOver), SourceError> {
        let is_there = |wanted: &String| self.namespaces.iter().any(|one| one.as_ref() == wanted);
        match self.chosen {
            [wanted] if !is_there(wanted) => {
                if self.namespaces.len() > 1 {
                    let namespaces = self.namespaces.iter().map(ToString::to_string).collect();
                    return Err(SourceError::Namespaces { name: name.to_owned(), namespaces });
                }
                for Held { namespace, kind, value, file } in std::mem::take(&mut self.held) {
                    self.add(Some(namespace), kind, value, &file)?;
                }
            }
            [] | [_] => {}
            several => {
                if let Some(missing) = several.iter().find(|wanted| !is_there(wanted)) {
                    return Err(SourceError::NoNamespace {
                        name: name.to_owned(),
                        namespace: missing.clone(),
                    });
                }
            }
        }
        if !self.others.is_empty()
            && let Some((object, name)) = self.unplaced
        {
            let namespaces = self.namespaces.iter().map(ToString::to_string).collect();
            return Err(SourceError::Unplaced { name, object, namespaces });
        }
        for (namespace, kind, name) in std::mem::take(&mut self.left_out) {
            let other = namespace.and_then(|namespace| self.others.get_mut(&namespace));
            other.unwrap_or(&mut self.first).leave_out(&kind, &name);
        }
        for (namespace, steering) in std::mem::take(&mut self.steerings) {
            let other = namespace.and_then(|namespace| self.others.get_mut(&namespace));
            other.unwrap_or(&mut self.first).add_steering(steering);
        }
        let files = self.files;
        let finished = |namespace: Option<PartName>, assembly: Assembly| {
            assembly.finish().map_err(|error| {
                let object = error.object().map(|(kind, name)| (kind, name.to_owned()));
                let file = object.and_then(|(kind, object)| {
                    let here = files.get(&(namespace, kind, object.clone()));
                    here.or_else(|| files.get(&(None, kind, object)))
                });
                let name = file.map_or(name, String::as_str).to_owned();
                SourceError::Flags { name, error: Box::new(error) }
            })
        };
        let first = finished(self.first_namespace.clone(), self.first)?;
        let Some(namespace) = self.first_namespace.filter(|_| !self.others.is_empty()) else {
            return Ok((Sets::One(Box::new(first)), self.passed_over));
        };
        let mut parts = vec![(namespace, first)];
        for (namespace, assembly) in self.others {
            parts.push((namespace.clone(), finished(Some(namespace), assembly)?));
        }
        if self.chosen.is_empty() {
            // A namespace that holds nothing but what belongs to no set is no part of it.
            parts.retain(|(_, one)| !one.spec.objects.is_empty() || !one.spec.flags.is_empty());
        }
        parts.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok((Sets::of(parts), self.passed_over))
    }
}

impl Sets {
    /// Parts, where they are several; what is left of a single one is a set.
    fn of(mut parts: Vec<(PartName, Assembled)>) -> Self {
        match (parts.len(), parts.pop()) {
            (0 | 1, last) => {
                Self::One(Box::new(last.map(|(_, assembled)| assembled).unwrap_or_default()))
            }
            (_, last) => {
                parts.extend(last);
                Self::Parts(parts)
            }
        }
    }
}

/// The namespace that a manifest names.
fn namespace_of(value: &Value, file: &str) -> Result<Option<PartName>, SourceError> {
    let named = value.pointer("/metadata/namespace").and_then(Value::as_str);
    let named = named.filter(|namespace| !namespace.is_empty()).map(str::parse).transpose();
    named.map_err(|error| SourceError::NamespaceName { name: file.to_owned(), error })
}
