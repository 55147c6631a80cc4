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

use crate::flag::Flag;
pub use error::{FlagdError, FlagdProblem};
pub use recognise::looks_like_flagd;

/// Reads flag definitions; `source` is where they are, such as `flagd:flagd-config/demo.flagd.json`.
pub fn parse(value: &Value, source: &str) -> Result<BTreeMap<String, Flag>, FlagdError> {
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
