//! Switching a flag that is an environment variable, where its value stands.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    binding::parse_bindings,
    value::{self, EnvLookup},
};
use crate::{
    flags::lookup::{Home, Lookup},
    manifest::{FLAGS, Kind, Manifest, Workload, containers_mut},
    snapshot::InstanceRef,
};

/// Words for on and off that programs take, by pairs.
const WORDS: [[&str; 2]; 4] = [["true", "false"], ["on", "off"], ["yes", "no"], ["1", "0"]];

/// Error: a variable's value is not the set's to change.
#[derive(Debug)]
pub(in crate::flags) enum Unswitchable {
    /// A value that belongs to the place.
    OfThePlace(String),
    /// A value from a Secret, or from the pod itself.
    Elsewhere(String),
    /// A variable that turns the flag off, where what was asked for has no opposite.
    NoOpposite(String),
}

/// Switches a flag in each container of an instance that sets its variable; in the main one where
/// none does. Returns what they serve now.
pub(in crate::flags) fn switch(
    one: InstanceRef<'_>,
    lookup: &Lookup<'_>,
    objects: &mut BTreeMap<(Kind, String), Manifest>,
    name: &str,
    wanted: &str,
) -> Result<Vec<Value>, Unswitchable> {
    let kind = one.instance.kind;
    let id = (kind, one.workload().to_owned());
    let Some(manifest) = objects.get(&id).filter(|one| one.text().contains(FLAGS)) else {
        return Ok(Vec::new());
    };
    let tree = manifest.tree();
    let Some(workload) = Workload::of(kind, &tree) else { return Ok(Vec::new()) };
    let annotation = workload.annotation(FLAGS).unwrap_or_default();
    // One that cannot be read names no flags, which the set says elsewhere.
    let bindings = parse_bindings(annotation).unwrap_or_default();
    let mut changed = tree.clone();
    let mut values = Vec::new();
    for binding in bindings.into_iter().filter(|binding| binding.key == name) {
        let variable = &binding.variable;
        let found = workload
            .containers()
            .map(|container| {
                let found = lookup.locate(one.instance, &workload, container.name, variable);
                (container.name, found)
            })
            .filter(|(_, (home, _))| *home != Home::NotSet);
        let mut found: Vec<(&str, (Home, EnvLookup))> = found.collect();
        if found.is_empty() {
            let main = workload.main_container();
            found.extend(main.map(|main| (main, (Home::NotSet, EnvLookup::NotSet))));
        }
        for (container, (home, now)) in found {
            let text = text(&now, wanted, binding.inverted)
                .ok_or_else(|| Unswitchable::NoOpposite(variable.clone()))?;
            match home {
                Home::Entry | Home::NotSet => {
                    set_entry(kind, &mut changed, container, variable, &text);
                }
                Home::ConfigMap { name, key } => {
                    let id = (Kind::ConfigMap, name);
                    if let Some(manifest) = objects.get_mut(&id) {
                        let mut tree = manifest.tree();
                        tree["data"][key] = text.clone().into();
                        *manifest = Manifest::new(&tree);
                    }
                }
                Home::Place => return Err(Unswitchable::OfThePlace(variable.clone())),
                Home::Elsewhere => return Err(Unswitchable::Elsewhere(variable.clone())),
            }
            values.push(value::evaluate(EnvLookup::Literal(text), binding.inverted).1);
        }
    }
    if changed != tree {
        objects.insert(id, Manifest::new(&changed));
    }
    Ok(values)
}

/// The text that switches a variable, in the words that it is written in.
fn text(now: &EnvLookup, wanted: &str, inverted: bool) -> Option<String> {
    let Some(on) = value::switch(wanted) else {
        return (!inverted).then(|| wanted.to_owned());
    };
    let now = match now {
        EnvLookup::Literal(text) => text.trim(),
        EnvLookup::NotSet | EnvLookup::Unreadable => "",
    };
    let pair = WORDS.iter().find(|pair| pair.iter().any(|word| word.eq_ignore_ascii_case(now)));
    let [yes, no] = pair.unwrap_or(&WORDS[0]);
    Some(if on == inverted { no } else { yes }.to_string())
}

/// Writes a variable of a container, in place of its entry or behind the others.
fn set_entry(kind: Kind, tree: &mut Value, container: &str, variable: &str, text: &str) {
    for one in containers_mut(kind, tree) {
        if one.get("name").and_then(Value::as_str) != Some(container) {
            continue;
        }
        let env = one.entry("env").or_insert_with(|| json!([]));
        let Some(entries) = env.as_array_mut() else { continue };
        let entry = json!({"name": variable, "value": text});
        // Of several of one name the last one counts.
        let is_meant = |one: &&mut Value| one.get("name").and_then(Value::as_str) == Some(variable);
        match entries.iter_mut().rev().find(is_meant) {
            Some(there) => *there = entry,
            None => entries.push(entry),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_keeps_its_words() {
        let literal = |text: &str| EnvLookup::Literal(text.to_owned());
        for (now, wanted, inverted, expected) in [
            ("false", "on", false, "true"),
            ("0", "true", false, "1"),
            ("YES", "off", false, "no"),
            ("1", "on", true, "0"),
            ("blue", "red", false, "red"),
            ("blue", "on", false, "true"),
        ] {
            let text = text(&literal(now), wanted, inverted);
            assert_eq!(text.as_deref(), Some(expected), "{now} {wanted}");
        }
        assert_eq!(text(&EnvLookup::NotSet, "on", false).as_deref(), Some("true"));
        assert_eq!(text(&literal("1"), "blue", true), None);
    }
}
