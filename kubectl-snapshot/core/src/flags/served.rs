//! Flags that a system serves over the network, as its own answers have them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    answer::{FlagWords, StrangeAnswer},
    flipt,
    system::{Definition, Definitions},
    unleash,
};
use crate::{
    flag::Flag,
    flag_source::{FlagSource, SystemType},
};

/// The reason why nobody knows what flags need, where their system does not tell its clients. It is
/// part of sets that are stored, and told by its words: nothing in it may be of the moment.
const HIDDEN_WORDS: &str = "its tags are read with an admin's token, and none is known";

/// The flags that one system serves.
#[derive(Debug, Default)]
pub struct ServedFlags(Vec<Definition>);

impl ServedFlags {
    /// Reads what Unleash answers its clients: `GET /api/client/features`.
    ///
    /// # Errors
    /// It is no such answer.
    pub fn of_unleash(answer: &[u8]) -> Result<Self, StrangeAnswer> {
        unleash::read(answer).map(Self)
    }

    /// Reads what Flipt answers about a namespace:
    /// `GET …/namespaces/N/resources/flipt.core.Flag`.
    ///
    /// # Errors
    /// It is no such answer.
    pub fn of_flipt(answer: &[u8], namespace: &str) -> Result<Self, StrangeAnswer> {
        flipt::read(answer, namespace).map(Self)
    }

    /// Puts the words of tags on the flags, by key.
    pub fn add_words(&mut self, words: &BTreeMap<String, FlagWords>) {
        for Definition { key, flag, .. } in &mut self.0 {
            if let Some(words) = words.get(key) {
                words.put_on(flag);
            }
        }
    }

    /// Notes that nobody knows what people have put on the flags: what they need may be among it.
    pub fn hide_words(&mut self) {
        for Definition { flag, .. } in &mut self.0 {
            flag.unreadable_requires = Some(HIDDEN_WORDS.to_owned());
        }
    }

    /// Calls the set of these flags by another name, where two systems would have the same.
    pub fn call_set(&mut self, name: &str) {
        for one in &mut self.0 {
            one.flag_set = Some(name.to_owned());
        }
    }

    /// The flag of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Flag> {
        self.0.iter().find(|one| one.key == key).map(|one| &one.flag)
    }

    /// Reads what Unleash answers its clients about one flag: `GET /api/client/features/KEY`.
    ///
    /// # Errors
    /// It is no such answer.
    pub fn of_one_of_unleash(answer: &[u8]) -> Result<Self, StrangeAnswer> {
        unleash::read_one(answer).map(Self)
    }

    /// Places in the system that the flags are at: projects, or a namespace.
    #[must_use]
    pub fn places(&self) -> BTreeSet<&str> {
        self.0.iter().filter_map(|one| Some(one.flag.source.split_once(':')?.1)).collect()
    }

    /// Number of flags.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_definitions(self) -> Definitions {
        Definitions { flags: self.0, ..Definitions::default() }
    }
}

/// The system that serves a flag, where it is one that is asked over the network.
#[must_use]
pub fn system_of(flag: &Flag) -> Option<SystemType> {
    let (system, _) = flag.source.split_once(':')?;
    SystemType::ALL.into_iter().find(|one| one.word() == system)
}

/// True if what a flag needs was not to be seen: it is no difference from what another has seen.
#[must_use]
pub(crate) fn has_hidden_words(flag: &Flag) -> bool {
    flag.unreadable_requires.as_deref() == Some(HIDDEN_WORDS)
}

/// True if no object of a set defines the flag, but a system that is asked over the network.
#[must_use]
pub fn is_served(flag: &Flag) -> bool {
    system_of(flag).is_some()
}

/// The origin of all flags of a source, where none of them could be read.
#[must_use]
pub fn hidden_origin(source: &FlagSource) -> String {
    format!("{}:{}", source.system, source.name)
}
