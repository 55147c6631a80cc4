//! Extraction of what a manager has applied from an object, as client-go's `extract` does, with
//! what a plan adds and changes.
//!
//! The schema says which maps and lists are one value; the set of owned fields says it as well,
//! for it names nothing below them.

use serde_json::{Map, Value};

use super::{Hindrance, fields::Fields};

/// The owned part of `wanted`, and everything in which it differs from `live`.
///
/// # Errors
/// A list has two elements of one key, which cannot be applied.
pub(super) fn extract(
    fields: &Fields,
    live: Option<&Value>,
    wanted: &Value,
) -> Result<Option<Value>, Hindrance> {
    if fields.is_whole() {
        return Ok(Some(wanted.clone()));
    }
    let extracted = match wanted {
        Value::Object(members) => members_of(fields, live, members)?,
        Value::Array(elements) => elements_of(fields, live, elements)?,
        scalar => return Ok(Some(scalar.clone())),
    };
    let is_empty = match &extracted {
        Value::Object(members) => members.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        _ => false,
    };
    Ok((fields.is_owned || !is_empty).then_some(extracted))
}

fn members_of(
    fields: &Fields,
    live: Option<&Value>,
    wanted: &Map<String, Value>,
) -> Result<Value, Hindrance> {
    let mut extracted = Map::new();
    for (name, value) in wanted {
        let there = live.and_then(|live| live.get(name));
        let owned = match fields.field(name) {
            Some(below) => extract(below, there, value)?,
            None => difference(there, value),
        };
        extracted.extend(owned.map(|owned| (name.clone(), owned)));
    }
    Ok(extracted.into())
}

fn elements_of(
    fields: &Fields,
    live: Option<&Value>,
    wanted: &[Value],
) -> Result<Value, Hindrance> {
    let key = fields.key();
    let is_same = |one: &Value, other: &Value| match &key {
        Some(key) => key.iter().all(|name| one.get(name) == other.get(name)),
        None => one == other,
    };
    let mut extracted = Vec::new();
    for (at, element) in wanted.iter().enumerate() {
        if wanted[..at].iter().any(|other| is_same(element, other)) {
            return Err(Hindrance::Twice { element: named(element, key.as_deref()) });
        }
        let mut there = live.and_then(Value::as_array).into_iter().flatten();
        let there = there.find(|other| is_same(element, other));
        let owned = match fields.element(element) {
            Some(below) => extract(below, there, element)?,
            None => difference(there, element),
        };
        let Some(mut owned) = owned else { continue };
        // What an element is told by comes with it.
        if let (Value::Object(owned), Some(key)) = (&mut owned, &key) {
            for name in key {
                let value = element.get(*name);
                owned.extend(value.map(|value| ((*name).to_owned(), value.clone())));
            }
        }
        extracted.push(owned);
    }
    Ok(extracted.into())
}

/// The part of a value that is not there already.
fn difference(live: Option<&Value>, wanted: &Value) -> Option<Value> {
    match (live, wanted) {
        (Some(live), wanted) if live == wanted => None,
        (Some(Value::Object(live)), Value::Object(wanted)) => {
            let differs = |(name, value): (&String, &Value)| {
                Some((name.clone(), difference(live.get(name), value)?))
            };
            let differing: Map<String, Value> = wanted.iter().filter_map(differs).collect();
            // What only lacks something has nothing to apply.
            (!differing.is_empty()).then(|| differing.into())
        }
        (_, wanted) => Some(wanted.clone()),
    }
}

/// An element, by what it is told by.
fn named(element: &Value, key: Option<&[&str]>) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match key {
        None => text(element),
        Some(key) => {
            let values = key.iter().filter_map(|name| element.get(*name)).map(text);
            values.collect::<Vec<_>>().join("/")
        }
    }
}
