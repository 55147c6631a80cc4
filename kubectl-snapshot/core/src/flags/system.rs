//! Flag system: the interface by which the rest goes through each.

use std::cell::OnceCell;

use serde_json::Value;

use super::{error::FlagError, lookup::Lookup};
use crate::{
    flag::Flag,
    manifest::{Kind, Manifest},
    snapshot::InstanceRef,
};

/// One flag as a system defines it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Definition {
    /// The flag's key.
    pub(super) key: String,
    /// The set of flags that the key belongs to, empty for the one without a name; none where the
    /// system knows no sets.
    pub(super) flag_set: Option<String>,
    /// The flag.
    pub(super) flag: Flag,
}

/// The definitions at one place; a key may be there several times.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    /// Those that can be read, be it in part.
    pub(super) flags: Vec<Definition>,
    /// Faults of those that are there and cannot be read.
    pub(super) faults: Vec<FlagError>,
    /// Warnings for the reader, a sentence each: definitions that the system itself does not read,
    /// or that others read otherwise.
    pub(super) warnings: Vec<String>,
}

impl Definitions {
    /// Adds what another place has.
    pub(super) fn extend(&mut self, other: Self) {
        self.flags.extend(other.flags);
        self.faults.extend(other.faults);
        self.warnings.extend(other.warnings);
    }
}

impl From<FlagError> for Definitions {
    fn from(fault: FlagError) -> Self {
        Self { faults: vec![fault], ..Self::default() }
    }
}

/// A flag system: where its definitions stand, and how they are read.
///
/// A system says no more than where its definitions stand: each place is empty unless it says
/// otherwise. What is there and cannot be read is a fault among the definitions.
pub(super) trait FlagSystem: Sync {
    /// The word that its sources begin with.
    fn name(&self) -> &'static str;

    /// The definitions in a file that holds no manifest; none where the file is not the system's.
    fn read_file(&self, _name: &str, _document: &Value) -> Option<Definitions> {
        None
    }

    /// The definitions in an object of a set: a ConfigMap, or a resource of the system's own.
    fn read_object(&self, _object: &Object<'_>) -> Definitions {
        Definitions::default()
    }

    /// The definitions in an instance, whose variables `lookup` finds.
    fn read_instance(&self, _one: InstanceRef<'_>, _lookup: &Lookup<'_>) -> Definitions {
        Definitions::default()
    }

    /// The ConfigMap that holds the definitions at a place that the system's sources name.
    fn config_map<'a>(&self, _place: &'a str) -> Option<&'a str> {
        None
    }

    /// The service and the instance that a place names, where flags are in instances.
    fn instance<'a>(&self, _place: &'a str) -> Option<(&'a str, &'a str)> {
        None
    }
}

/// An object of a set, parsed when a system asks for more than its text.
pub(super) struct Object<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    manifest: &'a Manifest,
    tree: OnceCell<Value>,
}

impl<'a> Object<'a> {
    pub(super) fn new(kind: Kind, name: &'a str, manifest: &'a Manifest) -> Self {
        Self { kind, name, manifest, tree: OnceCell::new() }
    }

    /// The manifest's text: enough to pass over most objects.
    pub(super) fn text(&self) -> &str {
        self.manifest.text()
    }

    pub(super) fn tree(&self) -> &Value {
        self.tree.get_or_init(|| self.manifest.tree())
    }
}
