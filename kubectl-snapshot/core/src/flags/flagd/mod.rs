//! flagd's flag definitions, JSON schema v0.
//!
//! A requirement is written in a flag's `metadata`, or in that of the whole set
//! for flags that have none: `requires` as in the annotation, and `service`.

mod change;
mod config_map;
mod definition;
mod error;
mod evaluators;
mod oddities;
mod recognise;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use change::Unchangeable;
pub(in crate::flags) use change::{
    Change, ConfigMapChange, To, change_config_map, change_document, definition_in, variant,
};

use serde_json::{Map, Value};

use super::{
    error::FlagError,
    system::{Definition, Definitions, FlagSystem, Object},
};
use crate::{flag::Flag, manifest::Kind};
use error::{FlagdError, FlagdProblem};
use oddities::Oddities;

/// flagd: definitions in files, and in ConfigMaps that a flagd mounts.
pub(super) struct Flagd;

impl FlagSystem for Flagd {
    fn name(&self) -> &'static str {
        "flagd"
    }

    fn read_file(&self, name: &str, document: &Value) -> Option<Definitions> {
        recognise::is_file(name, document).then(|| self.definitions(document, name))
    }

    fn read_object(&self, object: &Object<'_>) -> Definitions {
        let mut found = Definitions::default();
        if object.kind != Kind::ConfigMap || !config_map::may_have_flags(object.text()) {
            return found;
        }
        for (key, document) in config_map::documents(object.tree()) {
            let place = format!("{}/{key}", object.name);
            found.extend(match document {
                Ok(document) => self.definitions(&document, &place),
                Err(fault) => {
                    let origin = format!("{}:{place}", self.name());
                    FlagError::of_origin(&origin, fault.of(object.name, key)).into()
                }
            });
        }
        for key in config_map::with_unread_documents(object.tree()) {
            found.warnings.push(format!(
                "ConfigMap {}, key {key}: flagd reads the first YAML document alone, and a later \
                 one has flags as well",
                object.name
            ));
        }
        found
    }

    fn config_map<'a>(&self, place: &'a str) -> Option<&'a str> {
        place.split_once('/').map(|(config_map, _key)| config_map)
    }
}

impl Flagd {
    fn definitions(&self, document: &Value, place: &str) -> Definitions {
        parse(document, &format!("{}:{place}", self.name()))
    }
}

/// Reads flag definitions; `source` is where they are, such as `flagd:flagd-config/demo.flagd.json`.
pub(super) fn parse(value: &Value, source: &str) -> Definitions {
    let mut found = Definitions::default();
    if let Err(problem) = parse_set(value, source, &mut found) {
        let error = FlagdError { origin: source.to_owned(), flag: None, problem };
        found.extend(FlagError::of_origin(source, error).into());
    }
    found
}

fn parse_set(value: &Value, source: &str, found: &mut Definitions) -> Result<(), FlagdProblem> {
    let set = value.as_object().ok_or(FlagdProblem::NotDefinitions)?;
    let evaluators = match set.get("$evaluators") {
        None | Some(Value::Null) => &Map::new(),
        Some(evaluators) => evaluators.as_object().ok_or(FlagdProblem::Evaluators)?,
    };
    let defaults = definition::metadata(set.get("metadata"))?;
    let mut keys = BTreeSet::new();
    let mut keyless = None;
    let mut refused = None;
    let mut oddities = Oddities::of(set);
    for (position, (key, definition)) in definitions(set)?.into_iter().enumerate() {
        let Some(key) = key else {
            keyless.get_or_insert(position);
            continue;
        };
        oddities.note(key, definition);
        let flag_set = definition::flag_set(definition, defaults);
        let (mut flag, mut problem) = definition::read(definition, defaults, evaluators, source);
        if !keys.insert((flag_set.clone(), key)) {
            flag.unreadable = Some(FlagdProblem::Twice.to_string());
            problem = Some(FlagdProblem::Twice);
        }
        let wrong = |problem| {
            let flag = Some(key.to_owned());
            FlagdError { origin: source.to_owned(), flag, problem }
        };
        match problem {
            Some(problem @ FlagdProblem::DefaultVariant { .. }) => {
                refused.get_or_insert((key, wrong(problem)));
            }
            Some(problem) => found.faults.push(FlagError::of_flag(source, wrong(problem))),
            None => {}
        }
        found.flags.push(Definition { key: key.to_owned(), flag_set: Some(flag_set), flag });
    }
    match refused {
        Some((key, error)) => {
            hide(&mut found.flags, key);
            found.faults.insert(0, FlagError::of_origin(source, error));
        }
        None => found.warnings.extend(oddities.sentences(source)),
    }
    keyless.map_or(Ok(()), |position| Err(FlagdProblem::Key(position)))
}

/// Leaves nothing of what the flags of a file serve: flagd refuses it for the default of the one
/// of that key, and what it had before nobody knows.
fn hide(flags: &mut [Definition], key: &str) {
    let reason = FlagdProblem::Refused(key.to_owned()).to_string();
    for Definition { flag, .. } in flags {
        *flag = Flag {
            // It may have been on before.
            enabled: true,
            source: std::mem::take(&mut flag.source),
            service: flag.service.take(),
            requires: std::mem::take(&mut flag.requires),
            unreadable: Some(flag.unreadable.take().unwrap_or_else(|| reason.clone())),
            unreadable_requires: flag.unreadable_requires.take(),
            ..Flag::default()
        };
    }
}

/// The definitions by key, whichever of the two ways they are written in; one of a list may
/// lack its key.
fn definitions(set: &Map<String, Value>) -> Result<Vec<(Option<&str>, &Value)>, FlagdProblem> {
    match set.get("flags") {
        Some(Value::Object(flags)) => {
            Ok(flags.iter().map(|(key, flag)| (Some(key.as_str()), flag)).collect())
        }
        Some(Value::Array(flags)) => Ok(flags
            .iter()
            .map(|flag| {
                let key = flag.get("key").and_then(Value::as_str);
                (key.filter(|key| !key.is_empty()), flag)
            })
            .collect()),
        _ => Err(FlagdProblem::NotDefinitions),
    }
}
