//! The look after an apply: the answer to whether what runs is what was asked for.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::diff::Diff;

/// The answer to whether what runs is what was asked for.
#[derive(Clone, Debug)]
pub enum Verification {
    /// Not asked for: nobody looked, or there was no use in it.
    NotAsked,
    /// Exactly that runs.
    Same(Box<Diff>),
    /// Something else runs.
    Different(Box<Diff>),
    /// Unknown: what runs could not be seen.
    Unknown {
        /// The reason, a sentence.
        reason: String,
    },
}

impl Verification {
    /// The answer that a comparison of what was asked for with what runs gives.
    #[must_use]
    pub fn of(remaining: Diff) -> Self {
        if remaining.summary.is_same() {
            Self::Same(Box::new(remaining))
        } else {
            Self::Different(Box::new(remaining))
        }
    }

    /// The comparison of what was asked for with what runs, where there is one.
    #[must_use]
    pub fn remaining(&self) -> Option<&Diff> {
        match self {
            Self::Same(diff) | Self::Different(diff) => Some(diff),
            Self::NotAsked | Self::Unknown { .. } => None,
        }
    }
}

/// The answer as a word, with its reason; the comparison stands for itself.
impl Serialize for Verification {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (word, reason) = match self {
            Self::NotAsked => ("notAsked", None),
            Self::Same(_) => ("same", None),
            Self::Different(_) => ("different", None),
            Self::Unknown { reason } => ("unknown", Some(reason)),
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("state", word)?;
        if let Some(reason) = reason {
            map.serialize_entry("reason", reason)?;
        }
        map.end()
    }
}
