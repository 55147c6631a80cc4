//! Parts: what a set holds of each of several namespaces.
//!
//! A part is the very set that a snapshot of its namespace alone would hold, with the same digest:
//! whatever is true of a snapshot is true of a part.

mod aliases;
mod document;
mod name;
mod namespaces;
mod naming;
pub mod requirements;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::LazyLock,
};

pub use aliases::{AliasError, Aliases};
pub use document::{Document, InParts, NoSuchPart, Several};
pub use name::{PartName, PartNameError};
pub use namespaces::{Namespaces, NamespacesError, PartNamespaces};
pub use naming::Naming;

use super::snapshot::{Metadata, Snapshot, Spec};

/// The parts of a set by their aliases: two at least.
///
/// What is of one namespace is a snapshot without parts, so that one set has one digest however
/// its namespace was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts(BTreeMap<PartName, Snapshot>);

/// Error: a set of fewer than two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a set in parts has two parts at least; the set of one namespace has none")]
pub struct TooFewParts;

impl Parts {
    /// Parts by their aliases. What a part's metadata says of the whole is left out.
    pub fn new(parts: BTreeMap<PartName, Snapshot>) -> Result<Self, TooFewParts> {
        if parts.len() < 2 {
            return Err(TooFewParts);
        }
        let own = |(name, Snapshot { metadata, spec }): (PartName, Snapshot)| {
            let metadata =
                Metadata { name: None, created: None, author: None, message: None, ..metadata };
            (name, Snapshot { metadata, spec })
        };
        Ok(Self(parts.into_iter().map(own).collect()))
    }

    /// The aliases, sorted.
    pub fn names(&self) -> impl Iterator<Item = &PartName> {
        self.0.keys()
    }

    /// The part of that alias.
    #[must_use]
    pub fn get(&self, name: &PartName) -> Option<&Snapshot> {
        self.0.get(name)
    }

    /// Each part with its alias, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&PartName, &Snapshot)> {
        self.0.iter()
    }

    /// The map of the parts.
    #[must_use]
    pub fn into_map(self) -> BTreeMap<PartName, Snapshot> {
        self.0
    }
}

/// The set of each part with the one before it, of the parts that there are after; those that
/// are gone are pairs with an empty set, for what stays of them is there still.
#[must_use]
pub fn pairs<'a>(before: Option<&'a Parts>, after: &'a Parts) -> Vec<(Option<&'a Spec>, &'a Spec)> {
    static EMPTY: LazyLock<Spec> = LazyLock::new(Spec::default);
    let spec = |parts: &'a Parts, name| parts.get(name).map(|one| &one.spec);
    let mut names: BTreeSet<&PartName> = after.names().collect();
    names.extend(before.into_iter().flat_map(Parts::names));
    let pair = |name| (before.and_then(|parts| spec(parts, name)), spec(after, name));
    names.into_iter().map(pair).map(|(before, after)| (before, after.unwrap_or(&EMPTY))).collect()
}

/// The most names that a sentence lists.
const LISTED: usize = 20;

/// Names as a sentence lists them: `payments, platform and shop`. Of very many it says how many more.
#[must_use]
pub fn listed<T: fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    let mut names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    if names.len() > LISTED {
        let more = names.len() - LISTED / 2;
        names.truncate(LISTED / 2);
        names.push(format!("{more} more"));
    }
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) }
}
