//! flagd's flag definitions, JSON schema v0.
//!
//! A requirement is written in a flag's `metadata`, or in that of the whole set
//! for flags that have none: `requires` as in the annotation, and `service`.

mod definition;
mod error;
mod evaluators;
mod recognise;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::system::{Definitions, FlagError, FlagSystem, Object};
use crate::{flag::Flag, manifest::Kind};
pub(super) use error::FlagdError;
use error::{FlagdProblem, NotJson};

/// flagd: definitions in files, and in ConfigMaps that a flagd mounts.
pub(super) struct Flagd;

impl FlagSystem for Flagd {
    fn name(&self) -> &'static str {
        "flagd"
    }

    fn read_file(&self, name: &str, document: &Value) -> Option<Result<Definitions, FlagError>> {
        recognise::is_file(name, document).then(|| self.definitions(document, name))
    }

    fn read_object(&self, object: &Object<'_>) -> Result<Definitions, FlagError> {
        let mut found = Definitions::new();
        if object.kind != Kind::ConfigMap || !object.text().contains("flags") {
            return Ok(found);
        }
        let data = object.tree().get("data").and_then(Value::as_object);
        for (key, text) in data.into_iter().flatten() {
            let text = text.as_str().unwrap_or_default();
            if let Some(document) = document(object.name, key, text)? {
                found.extend(self.definitions(&document, &format!("{}/{key}", object.name))?);
            }
        }
        Ok(found)
    }

    fn config_map<'a>(&self, place: &'a str) -> Option<&'a str> {
        place.split_once('/').map(|(config_map, _key)| config_map)
    }
}

impl Flagd {
    fn definitions(&self, document: &Value, place: &str) -> Result<Definitions, FlagError> {
        let flags = parse(document, &format!("{}:{place}", self.name())).map_err(FlagError::new)?;
        Ok(flags.into_iter().collect())
    }
}

/// The definitions that a ConfigMap has under a key, where it has some there.
fn document(config_map: &str, key: &str, text: &str) -> Result<Option<Value>, FlagError> {
    let named_so = key.ends_with(".flagd.json");
    if !named_so && !text.trim_start().starts_with('{') {
        return Ok(None);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(document) => {
            Ok(Some(document).filter(|document| recognise::looks_like_flagd(key, document)))
        }
        Err(error) if named_so => Err(FlagError::new(NotJson {
            config_map: config_map.to_owned(),
            key: key.to_owned(),
            error,
        })),
        // Not every text that begins with a brace means to be JSON.
        Err(_) => Ok(None),
    }
}

/// Reads flag definitions; `source` is where they are, such as `flagd:flagd-config/demo.flagd.json`.
pub(super) fn parse(value: &Value, source: &str) -> Result<BTreeMap<String, Flag>, FlagdError> {
    let set_error = |problem| FlagdError { origin: source.to_owned(), flag: None, problem };
    let set = value.as_object().ok_or_else(|| set_error(FlagdProblem::NotDefinitions))?;
    let definitions = definitions(set).map_err(set_error)?;
    let evaluators = match set.get("$evaluators") {
        None => &Map::new(),
        Some(evaluators) => {
            evaluators.as_object().ok_or_else(|| set_error(FlagdProblem::Evaluators))?
        }
    };
    let defaults = definition::metadata(set.get("metadata")).map_err(set_error)?;
    let mut flags = BTreeMap::new();
    for (key, definition) in definitions {
        let flag = definition::read(definition, defaults, evaluators, source).and_then(|flag| {
            flags.insert(key.to_owned(), flag).map_or(Ok(()), |_| Err(FlagdProblem::Twice))
        });
        flag.map_err(|problem| FlagdError { flag: Some(key.to_owned()), ..set_error(problem) })?;
    }
    Ok(flags)
}

/// The definitions by key, whichever of the two ways they are written in.
fn definitions(set: &Map<String, Value>) -> Result<Vec<(&str, &Value)>, FlagdProblem> {
    match set.get("flags") {
        Some(Value::Object(flags)) => {
            Ok(flags.iter().map(|(key, flag)| (key.as_str(), flag)).collect())
        }
        Some(Value::Array(flags)) => flags
            .iter()
            .enumerate()
            .map(|(position, flag)| match flag.get("key").and_then(Value::as_str) {
                Some(key) if !key.is_empty() => Ok((key, flag)),
                _ => Err(FlagdProblem::Key(position)),
            })
            .collect(),
        _ => Err(FlagdProblem::NotDefinitions),
    }
}
