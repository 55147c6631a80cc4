//! Objects of files that belong to no set, by kind.

use std::{collections::BTreeMap, fmt};

/// Number of such objects of each kind; as text `1 Ingress, 2 Secret`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassedOver(BTreeMap<String, usize>);

impl PassedOver {
    /// Counts an object of a kind.
    pub(super) fn add(&mut self, kind: String) {
        *self.0.entry(kind).or_default() += 1;
    }

    /// True if every object belongs to the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (kind, count)) in self.0.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(f, "{comma}{count} {kind}")?;
        }
        Ok(())
    }
}
