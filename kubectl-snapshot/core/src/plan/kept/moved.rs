//! Comparison of a kept plan with the one that would be made now.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::Serialize;
use serde_json::Value;

use super::{KeptAction, KeptPart, KeptPlan, KeptSwitch, KeptWrite};
use crate::{
    canonical,
    digest::Digest,
    manifest::Kind,
    parts::PartName,
    tree::{self, FieldChange},
};

/// The characters of a value that are told.
const SHOWN: usize = 80;

/// Something that is other than it was planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Object and field, or the part of the destination: `Deployment tax, spec.replicas`.
    pub what: String,
    /// State when it was planned.
    pub was: String,
    /// State now.
    pub is: String,
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: planned {}, now {}", self.what, self.was, self.is)
    }
}

impl KeptPlan {
    /// Differences of the plan that would be made now; none where it is the very same.
    ///
    /// The names of contexts and of the snapshot are the user's, and no difference.
    #[must_use]
    pub fn moved(&self, now: &Self) -> Vec<Moved> {
        let mut moved = self.destination(now);
        // Of another set or place every write is another one.
        if moved.is_empty() {
            for (planned, part) in self.parts.iter().zip(&now.parts) {
                writes(planned, part, &mut moved);
            }
        }
        if moved.is_empty() && self.essence() != now.essence() {
            moved.push(other("the writes", &self.essence(), &now.essence()));
        }
        moved
    }

    /// Digest of what has to stay the same.
    fn essence(&self) -> Digest {
        let mut plan = self.clone();
        plan.snapshot.name = None;
        for part in &mut plan.parts {
            part.target.context = None;
            part.writes.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        }
        plan.digest()
    }

    /// Differences of everything but the writes.
    fn destination(&self, now: &Self) -> Vec<Moved> {
        let mut moved = Vec::new();
        let mut compare = |what: &str, was: String, is: String| {
            if was != is {
                moved.push(Moved { what: what.to_owned(), was, is });
            }
        };
        compare("the operation", word(&self.operation), word(&now.operation));
        compare("the stage", optional(self.stage.as_ref()), optional(now.stage.as_ref()));
        compare("the set", self.snapshot.digest.to_string(), now.snapshot.digest.to_string());
        let variables = [&self.variables, &now.variables].map(|set| optional(set.as_ref()));
        let [was, is] = variables;
        compare("the variable set", was, is);
        compare("the images that are pinned", self.pin.to_string(), now.pin.to_string());
        compare("the field manager", self.field_manager.clone(), now.field_manager.clone());
        let names: BTreeSet<Option<&PartName>> =
            self.parts.iter().chain(&now.parts).map(|one| one.part.as_ref()).collect();
        for name in names {
            let of = |plan: &Self| {
                plan.parts
                    .iter()
                    .find(|one| one.part.as_ref() == name)
                    .map(|one| (one.server.clone(), one.target.namespace.clone()))
            };
            let of_part = name.map(|name| format!(" of part {name}")).unwrap_or_default();
            let (was, is) = (of(self).unzip(), of(now).unzip());
            compare(&format!("the server{of_part}"), optional(was.0), optional(is.0));
            compare(&format!("the namespace{of_part}"), optional(was.1), optional(is.1));
        }
        moved
    }
}

/// Differences between the writes to one namespace.
fn writes(planned: &KeptPart, now: &KeptPart, moved: &mut Vec<Moved>) {
    let prefix = planned.part.as_ref().map(|part| format!("{part}: ")).unwrap_or_default();
    let by_name = |part: &'_ KeptPart| -> BTreeMap<(Kind, String), KeptWrite> {
        let key = |write: &KeptWrite| ((write.kind, write.name.clone()), write.clone());
        part.writes.iter().map(key).collect()
    };
    let (was, is) = (by_name(planned), by_name(now));
    let keys: BTreeSet<&(Kind, String)> = was.keys().chain(is.keys()).collect();
    for key in keys {
        let object = format!("{prefix}{} {}", key.0, key.1);
        one(&object, was.get(key), is.get(key), moved);
    }
    let by_flag = |part: &'_ KeptPart| -> BTreeMap<String, KeptSwitch> {
        part.switches.iter().map(|one| (one.flag.clone(), one.clone())).collect()
    };
    let (was, is) = (by_flag(planned), by_flag(now));
    let flags: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    for flag in flags {
        let text = |one: Option<&KeptSwitch>| {
            one.map_or_else(
                || "as it is to be".to_owned(),
                |one| format!("to be switched from {} to {}", one.from, one.to),
            )
        };
        let (was, is) = (text(was.get(flag)), text(is.get(flag)));
        if was != is {
            moved.push(Moved { what: format!("{prefix}flag {flag}"), was, is });
        }
    }
}

/// Differences between the writes of one object.
fn one(object: &str, was: Option<&KeptWrite>, is: Option<&KeptWrite>, moved: &mut Vec<Moved>) {
    let mut say = |was: &str, is: &str| {
        moved.push(Moved { what: object.to_owned(), was: was.to_owned(), is: is.to_owned() });
    };
    let actions = (was.map(|write| write.action), is.map(|write| write.action));
    match actions {
        (Some(KeptAction::Create), Some(KeptAction::Create)) => {
            let [was, is] = [was, is].map(|one| one.and_then(|write| write.manifest.as_ref()));
            manifests(object, "to be created with ", was.zip(is), moved);
        }
        (Some(KeptAction::Remove), Some(KeptAction::Remove)) => {
            let uid = |one: Option<&KeptWrite>| one.and_then(|write| write.uid.clone());
            if uid(was) != uid(is) {
                return say("to be removed", "another object of that name");
            }
            let [was, is] = [was, is].map(|one| one.and_then(|write| write.manifest.as_ref()));
            manifests(object, "", was.zip(is), moved);
        }
        (Some(KeptAction::Patch) | None, Some(KeptAction::Patch) | None) => {
            let fields =
                |one: Option<&KeptWrite>| one.map(|write| write.fields.clone()).unwrap_or_default();
            patches(object, &fields(was), &fields(is), moved);
        }
        (Some(KeptAction::Create), None) => {
            say("not there, to be created", "there, as it was to be");
        }
        (Some(KeptAction::Create), Some(KeptAction::Patch)) => {
            say("not there, to be created", "there, and to be changed");
        }
        (Some(KeptAction::Patch), Some(KeptAction::Create)) => {
            say("there, to be changed", "not there");
        }
        (None, Some(KeptAction::Create)) => say("there, as it is to be", "not there"),
        (Some(KeptAction::Remove), None) => say("to be removed", "not to be removed"),
        (None, Some(KeptAction::Remove)) => say("not to be removed", "to be removed"),
        (Some(KeptAction::Remove), Some(_)) => say("to be removed", "to be written"),
        (Some(_), Some(KeptAction::Remove)) => say("to be written", "to be removed"),
    }
}

/// Differences between two manifests of one object.
fn manifests(object: &str, words: &str, both: Option<(&Value, &Value)>, moved: &mut Vec<Moved>) {
    let Some((was, is)) = both else { return };
    for FieldChange { path, before, after } in tree::compare(was, is) {
        if !same(before.as_ref(), after.as_ref()) {
            let [was, is] =
                [before, after].map(|value| format!("{words}{}", shown(value.as_ref())));
            moved.push(Moved { what: format!("{object}, {path}"), was, is });
        }
    }
}

/// Differences between the changes of one object. A field that is in one of them alone had, or
/// has, the value that it is to have.
fn patches(object: &str, was: &[FieldChange], is: &[FieldChange], moved: &mut Vec<Moved>) {
    let by_path = |fields: &[FieldChange]| -> BTreeMap<String, FieldChange> {
        fields.iter().map(|field| (field.path.clone(), field.clone())).collect()
    };
    let (was, is) = (by_path(was), by_path(is));
    let paths: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    for path in paths {
        let what = format!("{object}, {path}");
        let (was, is) = (was.get(path), is.get(path));
        let before = |one: Option<&FieldChange>, other: Option<&FieldChange>| match (one, other) {
            (Some(field), _) => field.before.clone(),
            (None, other) => other.and_then(|field| field.after.clone()),
        };
        let [old, new] = [before(was, is), before(is, was)];
        if !same(old.as_ref(), new.as_ref()) {
            let [was, is] = [old, new].map(|value| shown(value.as_ref()));
            moved.push(Moved { what, was, is });
        } else if let (Some(was), Some(is)) = (was, is)
            && !same(was.after.as_ref(), is.after.as_ref())
        {
            let [was, is] =
                [was, is].map(|field| format!("to become {}", shown(field.after.as_ref())));
            moved.push(Moved { what, was, is });
        }
    }
}

fn other(what: &str, was: &impl ToString, is: &impl ToString) -> Moved {
    Moved { what: what.to_owned(), was: was.to_string(), is: is.to_string() }
}

/// True if two values are one in canonical JSON.
fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    one == other
        || canonical::text(&one) == canonical::text(&other) && one.is_some() == other.is_some()
}

fn word(value: &impl Serialize) -> String {
    canonical::text(value).trim_matches('"').to_owned()
}

fn optional(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

/// A value in a sentence; what is long is told apart by its digest.
fn shown(value: Option<&Value>) -> String {
    let text = match value {
        None => return "absent".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => canonical::text(value),
    };
    if text.is_empty() || text.trim() != text {
        return canonical::text(&text);
    }
    if text.lines().nth(1).is_none() && text.chars().nth(SHOWN).is_none() {
        return text;
    }
    let digest = Digest::of(text.as_bytes()).short();
    match text.lines().count() {
        1 => format!("{}… ({digest})", text.chars().take(SHOWN / 2).collect::<String>()),
        lines => format!("{lines} lines ({digest})"),
    }
}
