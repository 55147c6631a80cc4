//! Sources: sets that candidates are made of.

use std::collections::{BTreeMap, BTreeSet};

use super::{ComposeError, error::alike, members::Members};
use crate::{
    flag::Flag,
    flags,
    snapshot::{EnvValue, Instances, Snapshot},
};

/// A set that candidates are made of, with its objects sorted out.
#[derive(Clone, Debug)]
pub struct Source {
    /// Label, as the user calls it.
    pub label: String,
    pub(super) services: BTreeMap<String, Instances>,
    pub(super) members: Members,
    /// Every flag.
    pub(super) flags: BTreeMap<String, Flag>,
    /// Keys of the flags that no object of the set defines: they came from a file.
    pub(super) of_files: BTreeSet<String>,
    /// The values that variables had.
    pub(super) values: BTreeMap<String, Vec<String>>,
}

impl Source {
    /// A set, and what the user calls it.
    #[must_use]
    pub fn of(label: &str, snapshot: &Snapshot) -> Self {
        let spec = &snapshot.spec;
        let defined = flags::read(spec, flags::FlagFiles::default()).lenient().0.flags;
        let of_files = spec.flags.keys().filter(|key| !defined.contains_key(*key));
        Self {
            label: label.to_owned(),
            services: spec.services.clone(),
            members: Members::of(spec),
            of_files: of_files.cloned().collect(),
            flags: spec.flags.clone(),
            values: snapshot.metadata.variables.clone(),
        }
    }

    /// The instances of a service.
    pub(super) fn instances(&self, service: &str) -> Result<&Instances, ComposeError> {
        self.services.get(service).ok_or_else(|| ComposeError::NoService {
            service: service.to_owned(),
            label: self.label.clone(),
            known: alike(service, self.services.keys()),
        })
    }
}

/// The variables of a service's instances.
pub(super) fn variables(instances: &Instances) -> impl Iterator<Item = &String> {
    let containers = instances.values().flat_map(|instance| instance.containers.values());
    containers.flat_map(|container| container.env.values()).filter_map(|value| match value {
        EnvValue::Variable { variable } => Some(variable),
        EnvValue::Literal(_) | EnvValue::Reference(_) => None,
    })
}
