//! Answers of flag systems: those that are none, and the words that people have put on flags.

use crate::{flag::Flag, flag_source::SystemType, requirement::parse_list};

/// Error: an answer is none of the flag system's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("its answer is none of {system}'s: {problem}")]
pub struct StrangeAnswer {
    system: SystemType,
    problem: String,
}

impl StrangeAnswer {
    pub(super) fn new(system: SystemType, problem: impl Into<String>) -> Self {
        Self { system, problem: problem.into() }
    }
}

/// Words that people have put on a flag, in tags or in metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlagWords {
    /// Requirements of the flag, as the annotation has them.
    pub requires: Option<String>,
    /// The service that it belongs to.
    pub service: Option<String>,
}

impl FlagWords {
    /// Puts the words on a flag; what cannot be read is said of it.
    pub(super) fn put_on(&self, flag: &mut Flag) {
        match parse_list(self.requires.as_deref().unwrap_or_default()) {
            Ok(requires) => flag.requires.extend(requires),
            Err(error) => flag.unreadable_requires = Some(error.to_string()),
        }
        flag.service = self.service.clone().filter(|service| !service.is_empty());
    }
}
