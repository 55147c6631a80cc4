//! Fields of an object that a manager owns, as the API server notes them (`FieldsV1`).

use serde_json::{Map, Value};

/// A set of fields: a tree of the steps that lead to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fields {
    /// True if the place itself is owned, and not only something below it.
    pub(super) is_owned: bool,
    children: Vec<(Step, Fields)>,
}

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// The member of that name.
    Field(String),
    /// The element of a list whose members are these.
    Key(Map<String, Value>),
    /// The element of a list that is this value.
    Value(Value),
}

impl Fields {
    /// Reads a set; none where it has a form that is not known here.
    pub(super) fn of(fields: &Value) -> Option<Self> {
        let mut read = Self::default();
        for (name, below) in fields.as_object()? {
            if name == "." {
                read.is_owned = true;
                continue;
            }
            let (form, rest) = name.split_once(':')?;
            let step = match form {
                "f" => Step::Field(rest.to_owned()),
                "k" => Step::Key(serde_json::from_str(rest).ok()?),
                "v" => Step::Value(serde_json::from_str(rest).ok()?),
                _ => return None,
            };
            read.children.push((step, Self::of(below)?));
        }
        Some(read)
    }

    /// The number of places that are named.
    pub(super) fn count(&self) -> usize {
        1 + self.children.iter().map(|(_, below)| below.count()).sum::<usize>()
    }

    /// True if nothing below is named: the value is owned as a whole.
    pub(super) fn is_whole(&self) -> bool {
        self.children.is_empty()
    }

    /// Fields owned below a member.
    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        let is_it = |step: &Step| matches!(step, Step::Field(field) if field == name);
        self.children.iter().find(|(step, _)| is_it(step)).map(|(_, below)| below)
    }

    /// Fields owned below an element of a list.
    pub(super) fn element(&self, element: &Value) -> Option<&Self> {
        let is_it = |step: &Step| match step {
            Step::Field(_) => false,
            Step::Value(value) => value == element,
            Step::Key(key) => key.iter().all(|(name, value)| element.get(name) == Some(value)),
        };
        self.children.iter().find(|(step, _)| is_it(step)).map(|(_, below)| below)
    }

    /// The members that tell the elements of the list apart; none where the elements themselves do.
    pub(super) fn key(&self) -> Option<Vec<&str>> {
        self.children.iter().find_map(|(step, _)| match step {
            Step::Key(key) => Some(key.keys().map(String::as_str).collect()),
            Step::Field(_) | Step::Value(_) => None,
        })
    }
}
