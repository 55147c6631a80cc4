//! Environment that the pods of a set will have at a place, with the source of each value.

mod expand;
mod resolve;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;

pub use resolve::{Resolver, values_here};

use crate::{manifest::Kind, snapshot::EnvValue};

/// Values that variables have at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceValues {
    /// The values chosen for variables.
    pub chosen: BTreeMap<String, String>,
    /// Entries that stand there for variables, by workload.
    pub here: BTreeMap<(Kind, String), ValuesHere>,
}

/// Entries of a workload for variables, by container and name.
pub type ValuesHere = BTreeMap<(String, String), EnvValue>;

/// Environment of one container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerEnvironment {
    /// Variables by name.
    pub entries: BTreeMap<String, Entry>,
    /// Sources of further variables, whose names nobody knows.
    pub hidden: Vec<Hidden>,
}

/// One environment variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The value that pods will have, where it is known and no secret; else the reason why it is
    /// not.
    pub value: Result<String, String>,
    /// Source of the value.
    pub source: Source,
}

/// Source of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The manifest has it.
    Manifest,
    /// A variable of the place.
    Variable(String),
    /// A ConfigMap's name and key.
    ConfigMap(String, String),
    /// A Secret's name and key.
    Secret(String, String),
    /// Another source, as the manifest has it.
    Other(Value),
}

/// A source of variables whose names nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Kind and name of the object.
    pub object: String,
    /// Text that each name begins with.
    pub prefix: String,
}
