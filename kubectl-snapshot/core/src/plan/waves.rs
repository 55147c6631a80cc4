//! Waves of writes: those of one wave are made together, and have taken effect before the next.

use std::collections::BTreeMap;

use crate::manifest::Kind;

/// The wave of each object that is not written in the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waves(pub(super) BTreeMap<(Kind, String), usize>);

impl Waves {
    /// The wave that an object is written in, from 0.
    #[must_use]
    pub fn of(&self, kind: Kind, name: &str) -> usize {
        self.0.get(&(kind, name.to_owned())).copied().unwrap_or_default()
    }

    /// Number of waves, one at least.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.values().max().map_or(1, |last| last + 1)
    }
}
