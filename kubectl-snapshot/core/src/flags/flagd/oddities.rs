//! Oddities in definitions that flagd takes, and evaluators of other languages take otherwise.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem::discriminant,
};

use serde_json::{Map, Value};

/// Most flags that a sentence names, and most members.
const NAMED: usize = 3;

/// Members of a definition that the evaluator for Python takes.
const MEMBERS: [&str; 8] = [
    "state",
    "variants",
    "defaultVariant",
    "default_variant",
    "targeting",
    "metadata",
    "source",
    "selector",
];

/// The oddities of one file, each with the flags that have it: a file may have thousands.
#[derive(Default)]
pub(super) struct Oddities<'a> {
    is_list: bool,
    has_odd_metadata: bool,
    flags: BTreeMap<Oddity, Few<'a>>,
    members: BTreeSet<&'a str>,
}

/// An oddity of a flag.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Oddity {
    State,
    VariantsAbsent,
    VariantsEmpty,
    VariantTypes,
    Members,
    Metadata,
}

/// Flags by key: the first few, and how many there are.
#[derive(Default)]
struct Few<'a> {
    first: Vec<&'a str>,
    count: usize,
}

impl<'a> Oddities<'a> {
    /// The oddities of a file as a whole.
    pub(super) fn of(set: &Map<String, Value>) -> Self {
        Self {
            is_list: set.get("flags").is_some_and(Value::is_array),
            has_odd_metadata: set
                .get("metadata")
                .is_some_and(|metadata| metadata.is_null() || is_odd(metadata)),
            ..Self::default()
        }
    }

    /// Notes what is odd about one definition.
    pub(super) fn note(&mut self, key: &'a str, definition: &'a Value) {
        let Some(definition) = definition.as_object() else { return };
        let state = definition.get("state").filter(|state| !state.is_null());
        if state.is_none_or(|state| {
            state.as_str().is_some_and(|state| !matches!(state, "ENABLED" | "DISABLED"))
        }) {
            self.add(Oddity::State, key);
        }
        match definition.get("variants") {
            None | Some(Value::Null) => self.add(Oddity::VariantsAbsent, key),
            Some(Value::Object(variants)) if variants.is_empty() => {
                self.add(Oddity::VariantsEmpty, key);
            }
            Some(Value::Object(variants)) if state.is_none_or(|state| state != "DISABLED") => {
                let mut types = variants.values().map(discriminant);
                let first = types.next();
                if types.any(|other| Some(other) != first) {
                    self.add(Oddity::VariantTypes, key);
                }
            }
            Some(_) => {}
        }
        // In a list the key is a member of the flag.
        let is_known = |name: &str| MEMBERS.contains(&name) || (self.is_list && name == "key");
        let unknown: Vec<&str> =
            definition.keys().map(String::as_str).filter(|name| !is_known(name)).collect();
        if !unknown.is_empty() {
            self.members.extend(unknown);
            self.add(Oddity::Members, key);
        }
        if definition.get("metadata").is_some_and(is_odd) {
            self.add(Oddity::Metadata, key);
        }
    }

    fn add(&mut self, oddity: Oddity, key: &'a str) {
        let flags = self.flags.entry(oddity).or_default();
        flags.count += 1;
        if flags.count <= NAMED {
            flags.first.push(key);
        }
    }

    /// A sentence for each kind of oddity; `source` is where the definitions are.
    pub(super) fn sentences(&self, source: &str) -> Vec<String> {
        const PYTHON: &str = "the in-process evaluator for Python refuses the whole file";
        const BOTH: &str = "the in-process evaluators for Python and Node refuse the whole file";
        let mut sentences = Vec::new();
        if self.is_list {
            sentences.push(format!(
                "{source}: flags is a list: flagd serves it; {PYTHON}, and the one for Node finds \
                 no flag in it"
            ));
        }
        if self.has_odd_metadata {
            sentences.push(format!(
                "{source}: metadata of all flags is no object of texts, numbers and booleans: \
                 flagd takes it; {PYTHON}"
            ));
        }
        sentences.extend(self.flags.iter().map(|(oddity, flags)| {
            let what = match oddity {
                Oddity::State => {
                    format!("without state ENABLED or DISABLED: flagd serves it as enabled; {BOTH}")
                }
                Oddity::VariantsAbsent => {
                    format!("without variants: flagd leaves the value to the code; {BOTH}")
                }
                Oddity::VariantsEmpty => {
                    format!("with no variant: flagd leaves the value to the code; {PYTHON}")
                }
                Oddity::VariantTypes => "with variants of several types: a service gets an error \
                     for one that is not of the type it asks for, or, when it asks for all flags, \
                     not of the default variant's"
                    .to_owned(),
                Oddity::Members => {
                    let members = few(&self.members.iter().copied().collect::<Vec<_>>());
                    format!("with members that flagd ignores ({members}): {PYTHON}")
                }
                Oddity::Metadata => format!(
                    "with metadata other than texts, numbers and booleans: flagd takes it; {PYTHON}"
                ),
            };
            format!("{source}: {} {what}", flags.in_words())
        }));
        sentences
    }
}

/// True of metadata that has other values than flagd's schema allows.
fn is_odd(metadata: &Value) -> bool {
    let is_odd = |value: &Value| matches!(value, Value::Null | Value::Array(_) | Value::Object(_));
    metadata.as_object().is_some_and(|metadata| metadata.values().any(is_odd))
}

impl Few<'_> {
    fn in_words(&self) -> String {
        let flags = if self.count == 1 { "flag" } else { "flags" };
        format!("{flags} {}", listed(&self.first, self.count))
    }
}

fn few(names: &[&str]) -> String {
    listed(&names[..names.len().min(NAMED)], names.len())
}

/// The first names of `count`, in words.
fn listed(first: &[&str], count: usize) -> String {
    match (first, count - first.len()) {
        ([all @ .., last], 0) if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        (all, 0) => all.join(", "),
        (all, more) => format!("{} and {more} more", all.join(", ")),
    }
}
