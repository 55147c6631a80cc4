//! One flag's definition.

use std::{collections::BTreeMap, mem::discriminant};

use serde_json::{Map, Value};

use super::{FlagdProblem, evaluators};
use crate::{
    flag::Flag,
    requirement::{Requirement, parse_list},
};

/// Metadata of a flag or a flag set; absent means empty.
pub(super) type Metadata<'a> = Option<&'a Map<String, Value>>;

/// Reads one definition; `defaults` is the set's metadata.
pub(super) fn read(
    definition: &Value,
    defaults: Metadata<'_>,
    evaluators: &Map<String, Value>,
    source: &str,
) -> Result<Flag, FlagdProblem> {
    let definition = definition.as_object().ok_or(FlagdProblem::NotAnObject)?;
    let variants = variants(definition.get("variants"))?;
    let own = metadata(definition.get("metadata"))?;
    let text =
        |name| text(own, name).transpose().or_else(|| text(defaults, name).transpose()).transpose();
    Ok(Flag {
        enabled: is_enabled(definition.get("state"))?,
        value: default(definition.get("defaultVariant"), &variants)?,
        targeting: evaluators::targeting(definition.get("targeting"), evaluators)?,
        variants,
        service: text("service")?.filter(|service| !service.is_empty()).map(str::to_owned),
        source: source.to_owned(),
        requires: requires(text("requires")?)?,
        extra: BTreeMap::new(),
    })
}

fn is_enabled(state: Option<&Value>) -> Result<bool, FlagdProblem> {
    match state.and_then(Value::as_str) {
        Some("ENABLED") => Ok(true),
        Some("DISABLED") => Ok(false),
        _ => Err(FlagdProblem::State(state.map_or_else(|| "missing".to_owned(), Value::to_string))),
    }
}

fn variants(variants: Option<&Value>) -> Result<BTreeMap<String, Value>, FlagdProblem> {
    let variants = variants.and_then(Value::as_object).ok_or(FlagdProblem::NoVariants)?;
    let (first, value) = variants.iter().next().ok_or(FlagdProblem::NoVariants)?;
    if let Some((name, _)) =
        variants.iter().find(|(_, value)| matches!(value, Value::Null | Value::Array(_)))
    {
        return Err(FlagdProblem::VariantType(name.clone()));
    }
    if let Some((name, _)) =
        variants.iter().find(|(_, other)| discriminant(*other) != discriminant(value))
    {
        return Err(FlagdProblem::MixedVariants(first.clone(), name.clone()));
    }
    Ok(variants.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// The value of the default variant; null where the code decides.
fn default(
    default: Option<&Value>,
    variants: &BTreeMap<String, Value>,
) -> Result<Value, FlagdProblem> {
    let Some(default) = default.filter(|default| !default.is_null()) else {
        return Ok(Value::Null);
    };
    let value = default.as_str().and_then(|name| variants.get(name));
    value.cloned().ok_or_else(|| FlagdProblem::DefaultVariant {
        default: default.to_string(),
        variants: variants.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
    })
}

/// The metadata of a flag or a set, checked.
pub(super) fn metadata(metadata: Option<&Value>) -> Result<Metadata<'_>, FlagdProblem> {
    let Some(metadata) = metadata else {
        return Ok(None);
    };
    let metadata = metadata.as_object().ok_or(FlagdProblem::Metadata)?;
    let is_wrong =
        |value: &Value| matches!(value, Value::Null | Value::Array(_) | Value::Object(_));
    match metadata.iter().find(|(_, value)| is_wrong(value)) {
        Some((name, _)) => Err(FlagdProblem::MetadataValue(name.clone())),
        None => Ok(Some(metadata)),
    }
}

fn text<'a>(metadata: Metadata<'a>, name: &'static str) -> Result<Option<&'a str>, FlagdProblem> {
    let value = metadata.and_then(|metadata| metadata.get(name));
    value.map(|value| value.as_str().ok_or(FlagdProblem::MetadataText(name))).transpose()
}

fn requires(text: Option<&str>) -> Result<Vec<Requirement>, FlagdProblem> {
    Ok(parse_list(text.unwrap_or_default())?)
}
