//! Notes on owners: one for each release, application or manager, however many of its objects a
//! plan changes.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Hindrance, Owner};
use crate::{manifest::Kind, tree::FieldChange};

/// Note on an owner: its next act on the objects that a plan changes, and what keeps the set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnerNote {
    /// The owner: `Helm release shop`.
    pub owner: String,
    /// Objects of the owner that the plan changes.
    pub objects: Vec<String>,
    /// Next acts of the owner, a sentence each.
    pub next: Vec<String>,
    /// The place where the values have to go, so that they stay.
    pub keep_in: String,
    /// The values: object, path and value, a line each; `null` for what is taken out.
    pub keep: Vec<String>,
}

/// An object that a plan changes, with its owner.
pub(crate) struct Owned<'a> {
    pub(crate) owner: Owner,
    pub(crate) kind: Kind,
    pub(crate) name: &'a str,
    pub(crate) fields: &'a [FieldChange],
    pub(crate) way: Way,
}

/// The way in which an object is written.
pub(crate) enum Way {
    /// In its owner's name.
    InItsName,
    /// By a patch, because its owner leaves no other way.
    Patched,
    /// By a patch, though its owner applies on the server.
    Hindered(Hindrance),
}

/// The objects and fields that a sentence names.
const NAMED: usize = 3;

/// The longest value that is a line by itself.
const LINE: usize = 160;

/// A note for each owner.
pub(crate) fn notes<'a>(owned: impl IntoIterator<Item = Owned<'a>>) -> Vec<OwnerNote> {
    let mut by_owner: BTreeMap<Owner, Vec<Owned<'a>>> = BTreeMap::new();
    for one in owned {
        by_owner.entry(one.owner.clone()).or_default().push(one);
    }
    by_owner.into_iter().map(|(owner, objects)| note(&owner, &objects)).collect()
}

fn note(owner: &Owner, objects: &[Owned<'_>]) -> OwnerNote {
    let row = owner.deployer.row();
    let in_its_name = objects.iter().filter(|one| matches!(one.way, Way::InItsName)).count();
    let patched: Vec<&Owned<'_>> =
        objects.iter().filter(|one| !matches!(one.way, Way::InItsName)).collect();
    let mut next = Vec::new();
    if in_its_name > 0 {
        next.push(row.in_its_name.unwrap_or(row.patched).to_owned());
    }
    if !patched.is_empty() && (in_its_name == 0 || row.in_its_name != Some(row.patched)) {
        next.push(row.patched.to_owned());
    }
    let hindered = patched.iter().filter_map(|one| match &one.way {
        Way::Hindered(why) => Some(format!("{}: {why}", one.object())),
        Way::InItsName | Way::Patched => None,
    });
    let hindered: Vec<String> = hindered.collect();
    if !hindered.is_empty() {
        next.push(format!("not written in its name are {}", some(&hindered)));
    }
    let places: Vec<(&Owned<'_>, Place<'_>)> = patched
        .iter()
        .flat_map(|one| places(one.fields).into_iter().map(move |place| (*one, place)))
        .collect();
    let named = |is: fn(&Place<'_>) -> bool| -> Vec<String> {
        let places = places.iter().filter(|(_, place)| is(place));
        places.map(|(one, place)| format!("{} of {}", place.name, one.object())).collect()
    };
    let (added, retyped) = (named(|place| place.is_added), named(|place| place.is_retyped));
    let back = named(|place| !place.is_added && !place.is_retyped);
    if row.merges && !added.is_empty() && !back.is_empty() {
        next.push(format!("so it takes back {}, and leaves {}", some(&back), some(&added)));
    }
    if !retyped.is_empty() {
        next.push(format!(
            "the API server refuses its next write, until that takes these from where the set does: {}",
            some(&retyped)
        ));
    }
    OwnerNote {
        owner: owner.title(),
        objects: objects.iter().map(Owned::object).collect(),
        next,
        keep_in: row.keep_in.to_owned(),
        keep: fields(objects).map(|(one, change)| one.line(change)).collect(),
    }
}

fn fields<'a, 'b: 'a>(
    objects: impl IntoIterator<Item = &'a Owned<'b>>,
) -> impl Iterator<Item = (&'a Owned<'b>, &'a FieldChange)> {
    objects.into_iter().flat_map(|one| one.fields.iter().map(move |change| (one, change)))
}

impl Owned<'_> {
    fn object(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }

    /// The line that says what has to stay.
    fn line(&self, change: &FieldChange) -> String {
        let value = match &change.after {
            None => "null".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
        };
        let is_line = !value.contains('\n') && value.chars().count() <= LINE;
        let value = if is_line { value } else { "(as the set has it)".into() };
        format!("{}/{} {}: {value}", self.kind, self.name, inside_pod(&change.path))
    }
}

/// A place in an object, as a sentence names it: a field, or a variable with all that it is of.
struct Place<'a> {
    name: &'a str,
    /// True if nothing of it was there before.
    is_added: bool,
    /// True if it is a variable that comes from elsewhere: what was applied before, merged into it,
    /// makes one with two sources.
    is_retyped: bool,
}

/// The places that change, each once.
fn places(fields: &[FieldChange]) -> Vec<Place<'_>> {
    let mut places: BTreeMap<&str, Vec<&FieldChange>> = BTreeMap::new();
    for change in fields {
        places.entry(variable(&change.path).unwrap_or(&change.path)).or_default().push(change);
    }
    places
        .into_iter()
        .map(|(path, changes)| {
            let added = changes.iter().filter(|one| one.before.is_none()).count();
            let is_gone = changes.iter().any(|one| one.after.is_none());
            Place {
                name: short(path),
                is_added: added == changes.len(),
                is_retyped: variable(path).is_some() && added > 0 && is_gone,
            }
        })
        .collect()
}

/// The variable that a path leads to or into.
fn variable(path: &str) -> Option<&str> {
    let at = path.find(".env[")?;
    let end = path[at..].find(']')?;
    Some(&path[..=at + end])
}

/// A path without what it shares with all others of a container.
fn short(path: &str) -> &str {
    let inside = path.split_once("].").filter(|_| path.contains("ontainers["));
    inside.map_or(path, |(_, inside)| inside)
}

/// A path without what it shares with all others of a pod template.
fn inside_pod(path: &str) -> &str {
    path.split_once("template.spec.").map_or(path, |(_, inside)| inside)
}

/// The first of some names, and the number of the others.
fn some(names: &[String]) -> String {
    let (first, others) = names.split_at(names.len().min(NAMED));
    let mut all: Vec<String> = first.to_vec();
    if !others.is_empty() {
        all.push(format!("{} more", others.len()));
    }
    all.join(", ")
}
