//! Flag system: the interface by which the rest goes through each.

use std::{cell::OnceCell, error::Error};

use serde_json::Value;

use super::lookup::Lookup;
use crate::{
    flag::Flag,
    manifest::{Kind, Manifest},
    snapshot::InstanceRef,
};

/// Flags by key, as a system defines them; a key may be there several times.
pub(super) type Definitions = Vec<(String, Flag)>;

/// A flag system: where its definitions stand, and how they are read.
///
/// A system says no more than where its definitions stand: each place is empty unless it says
/// otherwise.
pub(super) trait FlagSystem: Sync {
    /// The word that its sources begin with.
    fn name(&self) -> &'static str;

    /// The definitions in a file that holds no manifest; none where the file is not the system's.
    fn read_file(&self, _name: &str, _document: &Value) -> Option<Result<Definitions, FlagError>> {
        None
    }

    /// The definitions in an object of a set: a ConfigMap, or a resource of the system's own.
    fn read_object(&self, _object: &Object<'_>) -> Result<Definitions, FlagError> {
        Ok(Definitions::new())
    }

    /// The definitions in an instance, whose variables `lookup` finds.
    fn read_instance(
        &self,
        _one: InstanceRef<'_>,
        _lookup: &Lookup<'_>,
    ) -> Result<Definitions, FlagError> {
        Ok(Definitions::new())
    }

    /// The ConfigMap that holds the definitions at a place that the system's sources name.
    fn config_map<'a>(&self, _place: &'a str) -> Option<&'a str> {
        None
    }
}

/// Problem of flags that cannot be read: what the system at fault says.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct FlagError(Box<dyn Error + Send + Sync>);

impl FlagError {
    /// An error of a flag system.
    pub(super) fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Box::new(error))
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
