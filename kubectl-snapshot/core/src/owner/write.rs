//! A write in an owner's name: by server-side apply, with everything that it owns and the plan's
//! values in it. The owner's next apply then meets no conflict, and may take everything back.
//!
//! A plain patch in its name would not do: it is an update, and the owner's applies conflict with
//! updates, whoever made them. What an apply and an update own side by side can even add up to
//! an object that the API refuses (`value` and `valueFrom` of one variable).

use serde_json::Value;

use super::{
    Hindrance,
    extract::extract,
    fields::Fields,
    managers::{Manager, managers},
};
use crate::{
    manifest::Kind,
    tree::{self, Operation, unescaped},
};

/// A write in an owner's name.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnersWrite {
    /// The manager in whose name it is made.
    pub manager: String,
    /// Everything that it is to own, with the resource version of the object that this was
    /// made from.
    pub body: Value,
}

/// The write that makes a plan's operations in the name of whoever applies these fields on the
/// server; none where nobody does.
///
/// # Errors
/// Something in the object or in the plan keeps it from being written so.
pub fn in_owners_name(
    kind: Kind,
    live: &Value,
    operations: &[Operation],
) -> Result<Option<OwnersWrite>, Hindrance> {
    let Some(managers) = managers(live) else { return Ok(None) };
    let changes: Vec<Operation> =
        operations.iter().filter(|one| one.is_change()).cloned().collect();
    let covered = |manager: &Manager| {
        changes.iter().filter(|one| covers(&manager.fields, live, one.path())).count()
    };
    // Of two that cover as much, the deployer has applied more.
    let appliers = managers.iter().filter(|one| one.applies);
    let most = appliers.map(|one| (covered(one), one)).filter(|(covered, _)| *covered > 0);
    let Some((_, owner)) = most.max_by_key(|(covered, one)| (*covered, one.fields.count())) else {
        return Ok(None);
    };
    if owner.api_version != kind.api_version() {
        return Err(Hindrance::Version { version: owner.api_version.clone() });
    }
    for change in &changes {
        hinder(live, change, owner, &managers)?;
    }
    let wanted = tree::changed(live, &changes).ok_or(Hindrance::Moved)?;
    let mut body = extract(&owner.fields, Some(live), &wanted)?.unwrap_or_default();
    if !body.is_object() {
        return Err(Hindrance::Moved);
    }
    body["apiVersion"] = kind.api_version().into();
    body["kind"] = kind.name().into();
    for member in ["name", "namespace", "resourceVersion"] {
        body["metadata"][member] = live["metadata"][member].clone();
    }
    Ok(Some(OwnersWrite { manager: owner.name.clone(), body }))
}

/// Finds what keeps an operation from being made in the owner's name.
fn hinder(
    live: &Value,
    change: &Operation,
    owner: &Manager,
    managers: &[Manager],
) -> Result<(), Hindrance> {
    let path = change.path();
    if !covers(&owner.fields, live, path) {
        return Err(Hindrance::NotOwned { path: path.to_owned() });
    }
    let removes = matches!(change, Operation::Remove { .. });
    // Nobody can take away by an apply what somebody else has written, too.
    let mut others = managers.iter().filter(|one| one.name != owner.name || !one.applies);
    if let Some(other) =
        others.find(|one| (one.applies || removes) && owns(&one.fields, live, path))
    {
        return Err(Hindrance::Others { manager: other.name.clone(), path: path.to_owned() });
    }
    if removes && !owns(&owner.fields, live, path) {
        return Err(Hindrance::NotOwned { path: path.to_owned() });
    }
    Ok(())
}

/// True if the owner of these fields may have a say about a place: it owns what is there, or what
/// is around it.
fn covers(fields: &Fields, live: &Value, path: &str) -> bool {
    if is_in_open_map(path) {
        let has = |name| fields.field(name).is_some();
        return has("spec") || has("data") || has("binaryData") || owns(fields, live, path);
    }
    let (mut fields, mut live) = (fields, live);
    let mut parts = path.split('/').skip(1).map(unescaped).peekable();
    while let Some(part) = parts.next() {
        // What is one value, or not there yet, belongs to the owner of what is around it.
        let Some(inside) = inside(live, &part).filter(|_| parts.peek().is_some()) else {
            return true;
        };
        if fields.is_whole() {
            return true;
        }
        let Some(below) = below(fields, live, &part) else { return false };
        (fields, live) = (below, inside);
    }
    false
}

/// True if what is at a place, or a part of it, is owned.
fn owns(fields: &Fields, live: &Value, path: &str) -> bool {
    let (mut fields, mut live) = (fields, live);
    for part in path.split('/').skip(1).map(unescaped) {
        if fields.is_whole() {
            return true;
        }
        let (Some(below), Some(inside)) = (below(fields, live, &part), inside(live, &part)) else {
            return false;
        };
        (fields, live) = (below, inside);
    }
    true
}

/// The value at a part of a path.
fn inside<'a>(value: &'a Value, part: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(part),
        Value::Array(elements) => elements.get(part.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Fields owned of the value at a part of a path.
fn below<'a>(fields: &'a Fields, value: &Value, part: &str) -> Option<&'a Fields> {
    match value {
        Value::Array(elements) => fields.element(elements.get(part.parse::<usize>().ok()?)?),
        _ => fields.field(part),
    }
}

/// True of the maps of which each entry is owned by itself, whoever owns the others.
fn is_in_open_map(path: &str) -> bool {
    let in_data = path.starts_with("/data/") || path.starts_with("/binaryData/");
    let marks = |map: &str| path == map.trim_end_matches('/') || path.contains(map);
    in_data || marks("/metadata/labels/") || marks("/metadata/annotations/")
}

/// True if a plan's operations can be made in `live` as they could in `planned`: what they
/// change is as it was, whatever else has moved.
#[must_use]
pub fn is_as_planned(planned: &Value, live: &Value, operations: &[Operation]) -> bool {
    let changes = operations.iter().filter(|one| one.is_change());
    changes.map(Operation::path).all(|path| is_same_place(planned, live, path))
}

/// True if the value at a path is the same in both, and so is the element of every list that the
/// path leads through. What a list gains or loses is a matter of the whole list.
fn is_same_place(planned: &Value, live: &Value, path: &str) -> bool {
    let (mut planned, mut live) = (planned, live);
    let mut parts = path.split('/').skip(1).map(unescaped).peekable();
    while let Some(part) = parts.next() {
        if planned.is_array() {
            if parts.peek().is_none() {
                return planned == live;
            }
            let name = |list: &Value| inside(list, &part).and_then(|one| one.get("name").cloned());
            if name(planned) != name(live) {
                return false;
            }
        }
        match (inside(planned, &part), inside(live, &part)) {
            (Some(was), Some(is)) => (planned, live) = (was, is),
            (was, is) => return was == is,
        }
    }
    planned == live
}
