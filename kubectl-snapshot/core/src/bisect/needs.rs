//! Needs among units: which cannot be applied without which.

use std::collections::BTreeSet;

use super::Mix;

/// Needs among units that stand in an order in which needs come first.
#[derive(Clone, Debug, Default)]
pub struct Needs(Vec<BTreeSet<usize>>);

impl Needs {
    /// The needs of each unit, in the order of units.
    #[must_use]
    pub fn new(of: Vec<BTreeSet<usize>>) -> Self {
        Self(of)
    }

    /// So many units of which none needs another.
    #[must_use]
    pub fn none(units: usize) -> Self {
        Self(vec![BTreeSet::new(); units])
    }

    /// Number of units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.0.len()
    }

    /// Some units with all that they need.
    #[must_use]
    pub fn with_needs(&self, units: &Mix) -> Mix {
        let mut wanted: BTreeSet<usize> = units.units().collect();
        let mut whole = Mix::default();
        while let Some(last) = wanted.pop_last() {
            wanted.extend(&self.0[last]);
            whole = whole.with([last]);
        }
        whole
    }

    /// Some units with all that need them.
    #[must_use]
    pub fn with_dependents(&self, units: &Mix) -> Mix {
        (0..self.0.len()).fold(units.clone(), |whole, unit| {
            let needs = self.0[unit].iter().any(|need| whole.has(*need));
            if needs { whole.with([unit]) } else { whole }
        })
    }
}
