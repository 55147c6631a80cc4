//! The manifest that should be at a place: the set's, with the place's values.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    image,
    manifest::{Kind, containers_mut},
    snapshot::{Container, EnvValue, Instance},
};

/// A variable for which the place has no value.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{kind} {name}, container {container}: the variable {variable} has no value here")]
pub struct MissingVariable {
    /// The workload's kind.
    pub kind: Kind,
    /// Name of the variable.
    pub name: String,
    /// The container's name.
    pub container: String,
    /// The variable's name.
    pub variable: String,
}

/// State of the place: variable values chosen for it, and what runs there.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The values chosen for variables.
    pub(super) chosen: &'a BTreeMap<String, String>,
    /// The manifest that is there, with every value in it.
    pub(super) live: Option<&'a Value>,
    /// The instance that runs there.
    pub(super) running: Option<&'a Instance>,
}

/// Makes a workload's manifest the one that should be at a place.
///
/// Variables take the value chosen for them, else the one they have there. An image that
/// runs there already keeps the name it has there.
pub(super) fn fit(
    tree: &mut Value,
    name: &str,
    instance: &Instance,
    place: Place<'_>,
) -> Result<(), MissingVariable> {
    let there =
        place.live.map(|live| There::of(instance.kind, &mut live.clone())).unwrap_or_default();
    for container in containers_mut(instance.kind, tree) {
        let container_name =
            container.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(meant) = instance.containers.get(&container_name) else { continue };
        let running = place.running.and_then(|running| running.containers.get(&container_name));
        if let (Some(running), Some(current)) = (running, there.images.get(&container_name))
            && stays(meant, container.get("image"), running, current)
        {
            container.insert("image".into(), current.clone().into());
        }
        for entry in container.get_mut("env").and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(entry) = entry.as_object_mut() else { continue };
            let Some(variable) = entry.get("name").and_then(Value::as_str).map(str::to_owned)
            else {
                continue;
            };
            if !matches!(meant.env.get(&variable), Some(EnvValue::Variable { .. })) {
                continue;
            }
            match (
                place.chosen.get(&variable),
                there.env.get(&(container_name.clone(), variable.clone())),
            ) {
                (Some(value), _) => {
                    entry.remove("valueFrom");
                    if value.is_empty() {
                        entry.remove("value")
                    } else {
                        entry.insert("value".into(), value.clone().into())
                    };
                }
                (None, Some(current)) => entry.clone_from(current),
                (None, None) => {
                    let (kind, name) = (instance.kind, name.to_owned());
                    return Err(MissingVariable {
                        kind,
                        name,
                        container: container_name,
                        variable,
                    });
                }
            }
        }
    }
    Ok(())
}

/// True if a variable of the instance has a value chosen for it.
pub(super) fn is_chosen(instance: &Instance, chosen: &BTreeMap<String, String>) -> bool {
    let mut values = instance.containers.values().flat_map(|container| container.env.values());
    values.any(
        |value| matches!(value, EnvValue::Variable { variable } if chosen.contains_key(variable)),
    )
}

/// True if the image meant is certain to be the one there, whose name says no less.
fn stays(meant: &Container, written: Option<&Value>, running: &Container, current: &str) -> bool {
    let is_pinned = |name: &str| name.contains('@');
    image::same(meant, running)
        && (meant.digest.is_none() || meant.digest == running.digest)
        && (is_pinned(current) || !written.and_then(Value::as_str).is_some_and(is_pinned))
}

/// Images and environment that the containers of a live manifest have.
#[derive(Default)]
struct There {
    /// Images by container, as written.
    images: BTreeMap<String, String>,
    /// Environment entries by container and name.
    env: BTreeMap<(String, String), Map<String, Value>>,
}

impl There {
    fn of(kind: Kind, tree: &mut Value) -> Self {
        let mut there = Self::default();
        for container in containers_mut(kind, tree) {
            let text =
                |member: &str| container.get(member).and_then(Value::as_str).map(str::to_owned);
            let name = text("name").unwrap_or_default();
            there.images.extend(text("image").map(|image| (name.clone(), image)));
            for entry in container.get("env").and_then(Value::as_array).into_iter().flatten() {
                if let (Some(variable), Some(entry)) =
                    (entry.get("name").and_then(Value::as_str), entry.as_object())
                {
                    there.env.insert((name.clone(), variable.to_owned()), entry.clone());
                }
            }
        }
        there
    }
}
