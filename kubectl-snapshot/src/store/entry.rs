//! Small documents by name: variable sets, bindings of policies.
//!
//! An entry is a map of texts, which is what a ConfigMap's data is: people may
//! read and write it with kubectl, or keep it in Git.

use std::collections::BTreeMap;

use super::{Entity, StoreError, find::near};

/// The members of an entry.
pub(crate) type Fields = BTreeMap<String, String>;

/// A kind of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// The values that belong to where a set runs.
    Variables,
    /// Bindings of policies.
    Policies,
    /// Stages.
    Stages,
    /// Git repositories.
    Repositories,
    /// Flag systems, and whose flags they have.
    FlagSources,
    /// Records of decisions and deployments at stages, written once.
    Records,
    /// The last record of each stage.
    Chains,
    /// Facts about snapshots, written once.
    Evidence,
    /// Broken parts that were removed, written once.
    Removals,
}

/// A small document, and the name it is kept under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Name, unique in its section.
    pub(crate) name: String,
    /// Fields of the entry.
    pub(crate) fields: Fields,
    /// True if nobody can have changed it since it was written.
    pub(crate) sealed: bool,
}

impl Entry {
    /// Size of the fields, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.fields.iter().map(|(name, value)| name.len() + value.len()).sum()
    }
}

impl Section {
    /// The kind of its entries.
    pub(super) fn entity(self) -> Entity {
        match self {
            Self::Variables => Entity::VariableSet,
            Self::Policies => Entity::PolicyBinding,
            Self::Stages => Entity::Stage,
            Self::Repositories => Entity::Repository,
            Self::FlagSources => Entity::FlagSource,
            Self::Records => Entity::Record,
            Self::Chains => Entity::Chain,
            Self::Evidence => Entity::Evidence,
            Self::Removals => Entity::Removal,
        }
    }

    /// Name of its folder of files, and value of its ConfigMaps' label.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Variables => "variables",
            Self::Policies => "policies",
            Self::Stages => "stages",
            Self::Repositories => "repositories",
            Self::FlagSources => "flagsources",
            Self::Records => "records",
            Self::Chains => "chains",
            Self::Evidence => "evidence",
            Self::Removals => "removals",
        }
    }

    /// True if nobody writes its entries by hand: records and what is like them.
    pub(super) fn is_kept_by_the_program(self) -> bool {
        matches!(self, Self::Records | Self::Chains | Self::Evidence | Self::Removals)
    }

    /// The error for an entry that is not there.
    pub(super) fn not_found(self, wanted: &str, known: &[Entry], place: &str) -> StoreError {
        StoreError::NotFound {
            entity: self.entity(),
            wanted: wanted.to_owned(),
            place: place.to_owned(),
            near: near(wanted, known.iter().map(|entry| entry.name.as_str())),
        }
    }
}

/// Change of an entry, given what is there.
pub(super) type Change<'a> =
    &'a mut (dyn FnMut(Option<Fields>) -> Result<Fields, StoreError> + Send);
