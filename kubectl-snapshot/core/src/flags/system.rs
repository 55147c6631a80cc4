//! The list of flag systems, and the interface by which the rest goes through it.

use std::{cell::OnceCell, error::Error};

use serde_json::Value;

use super::{environment::Environment, flagd::Flagd, lookup::Lookup, openfeature::OpenFeature};
use crate::{
    flag::Flag,
    manifest::{Kind, Manifest},
    snapshot::InstanceRef,
};

/// Every flag system, in no order that matters.
pub(super) const SYSTEMS: &[&dyn FlagSystem] = &[&Flagd, &OpenFeature, &Environment];

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

/// The ConfigMap that a flag was read from, where its source names one.
pub(crate) fn config_map_of(flag: &Flag) -> Option<&str> {
    let (system, place) = flag.source.split_once(':')?;
    SYSTEMS.iter().find(|one| one.name() == system)?.config_map(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_systems_own_sources_name_config_maps() {
        let of = |source: &str| {
            let flag = Flag { source: source.to_owned(), ..Flag::default() };
            config_map_of(&flag).map(str::to_owned)
        };
        assert_eq!(of("flagd:shop-flags/demo.flagd.json").as_deref(), Some("shop-flags"));
        assert_eq!(of("env:shop-flags/cart/cart/TAX_CALL"), None, "a service");
        assert_eq!(of("featureflag:shop-flags"), None, "a resource");
        assert_eq!(of("flagd:demo.flagd.json"), None, "a file");
        assert_eq!(of("other:shop-flags/key"), None);
    }

    #[test]
    fn no_two_systems_share_a_name() {
        let mut names: Vec<_> = SYSTEMS.iter().map(|system| system.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SYSTEMS.len());
    }
}
