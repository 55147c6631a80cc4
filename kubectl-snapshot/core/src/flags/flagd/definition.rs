//! One flag's definition.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{FlagdProblem, evaluators};
use crate::{
    flag::Flag,
    requirement::{Requirement, parse_list},
};

/// The member of metadata that names a flag set.
const FLAG_SET: &str = "flagSetId";

/// Metadata of a flag or a flag set; absent means empty.
pub(super) type Metadata<'a> = Option<&'a Map<String, Value>>;

/// Reads one definition, as far as it can be read, and says what keeps it from being read
/// whole; `defaults` is the set's metadata.
pub(super) fn read(
    definition: &Value,
    defaults: Metadata<'_>,
    evaluators: &Map<String, Value>,
    source: &str,
) -> (Flag, Option<FlagdProblem>) {
    // One that cannot be read may be on.
    let mut flag = Flag { enabled: true, source: source.to_owned(), ..Flag::default() };
    let served = serve(&mut flag, definition, evaluators).err();
    flag.unreadable = served.as_ref().map(ToString::to_string);
    let needed = need(&mut flag, definition, defaults).err();
    flag.unreadable_requires = needed.as_ref().map(ToString::to_string);
    (flag, served.or(needed))
}

/// Fills in what the flag serves; nothing of it where it cannot be read.
fn serve(
    flag: &mut Flag,
    definition: &Value,
    evaluators: &Map<String, Value>,
) -> Result<(), FlagdProblem> {
    let definition = definition.as_object().ok_or(FlagdProblem::NotAnObject)?;
    let variants = variants(definition.get("variants"))?;
    // First, for a wrong one keeps all flags from being served.
    let value = default(definition.get("defaultVariant"), &variants)?;
    check(&variants)?;
    let enabled = is_enabled(definition.get("state"))?;
    let targeting = evaluators::targeting(definition.get("targeting"), evaluators)?;
    *flag = Flag { enabled, value, variants, targeting, ..std::mem::take(flag) };
    Ok(())
}

/// Fills in what the flag needs, and the service that it belongs to.
fn need(flag: &mut Flag, definition: &Value, defaults: Metadata<'_>) -> Result<(), FlagdProblem> {
    let own = metadata(definition.get("metadata"))?;
    let text =
        |name| text(own, name).transpose().or_else(|| text(defaults, name).transpose()).transpose();
    flag.service = text("service")?.filter(|service| !service.is_empty()).map(str::to_owned);
    flag.requires = requires(text("requires")?)?;
    Ok(())
}

/// The name of the flag set that a definition belongs to; empty for the one without a name.
pub(super) fn flag_set(definition: &Value, defaults: Metadata<'_>) -> String {
    let own = definition.get("metadata").and_then(|metadata| metadata.get(FLAG_SET));
    match own.or_else(|| defaults?.get(FLAG_SET)) {
        Some(Value::String(name)) => name.clone(),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
        _ => String::new(),
    }
}

/// True unless the state is exactly the one word for disabled, as flagd has it.
fn is_enabled(state: Option<&Value>) -> Result<bool, FlagdProblem> {
    match state {
        None | Some(Value::Null) => Ok(true),
        Some(Value::String(state)) => Ok(state != "DISABLED"),
        Some(state) => Err(FlagdProblem::State(state.to_string())),
    }
}

/// The variants; without any, the code decides.
fn variants(variants: Option<&Value>) -> Result<BTreeMap<String, Value>, FlagdProblem> {
    match variants {
        None | Some(Value::Null) => Ok(BTreeMap::new()),
        Some(Value::Object(variants)) => {
            Ok(variants.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        Some(_) => Err(FlagdProblem::Variants),
    }
}

fn check(variants: &BTreeMap<String, Value>) -> Result<(), FlagdProblem> {
    let is_wrong = |value: &Value| matches!(value, Value::Null | Value::Array(_));
    match variants.iter().find(|(_, value)| is_wrong(value)) {
        Some((name, _)) => Err(FlagdProblem::VariantType(name.clone())),
        None => Ok(()),
    }
}

/// The value of the default variant; null where the code decides.
fn default(
    default: Option<&Value>,
    variants: &BTreeMap<String, Value>,
) -> Result<Value, FlagdProblem> {
    let Some(default) = default.filter(|default| !default.is_null() && *default != "") else {
        return Ok(Value::Null);
    };
    let value = default.as_str().and_then(|name| variants.get(name));
    value.cloned().ok_or_else(|| {
        let names: Vec<&str> = variants.keys().map(String::as_str).collect();
        let variants = if names.is_empty() { "it has none".into() } else { names.join(", ") };
        FlagdProblem::DefaultVariant { default: default.to_string(), variants }
    })
}

/// The metadata of a flag or a set.
pub(super) fn metadata(metadata: Option<&Value>) -> Result<Metadata<'_>, FlagdProblem> {
    match metadata {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(metadata)) => Ok(Some(metadata)),
        Some(_) => Err(FlagdProblem::Metadata),
    }
}

fn text<'a>(metadata: Metadata<'a>, name: &'static str) -> Result<Option<&'a str>, FlagdProblem> {
    let value = metadata.and_then(|metadata| metadata.get(name));
    value.map(|value| value.as_str().ok_or(FlagdProblem::MetadataText(name))).transpose()
}

fn requires(text: Option<&str>) -> Result<Vec<Requirement>, FlagdProblem> {
    Ok(parse_list(text.unwrap_or_default())?)
}
