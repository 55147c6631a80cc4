//! Mixes: GOOD with some units of BAD.

/// Bits of a word.
const WORD: usize = 64;

/// A mix: the units of BAD that are applied to GOOD, by their place in the order of units.
///
/// A search looks at thousands of them: a bit stands for a unit, and the last word is never empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mix(Vec<u64>);

impl Mix {
    /// GOOD with all of so many units, which is BAD.
    #[must_use]
    pub fn all(units: usize) -> Self {
        (0..units).collect()
    }

    /// True if a unit is applied.
    #[must_use]
    pub fn has(&self, unit: usize) -> bool {
        self.0.get(unit / WORD).is_some_and(|word| word >> (unit % WORD) & 1 == 1)
    }

    /// True if each unit of this mix is in the other too.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.len() <= other.0.len()
            && self.0.iter().zip(&other.0).all(|(own, theirs)| own & !theirs == 0)
    }

    /// The units, the first in the order first.
    pub fn units(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.0.len() * WORD).filter(|unit| self.has(*unit))
    }

    /// Number of units.
    #[must_use]
    pub fn len(&self) -> usize {
        self.units().count()
    }

    /// True of GOOD itself.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The mix with more units.
    #[must_use]
    pub fn with(mut self, units: impl IntoIterator<Item = usize>) -> Self {
        for unit in units {
            if self.0.len() <= unit / WORD {
                self.0.resize(unit / WORD + 1, 0);
            }
            self.0[unit / WORD] |= 1 << (unit % WORD);
        }
        self
    }
}

impl FromIterator<usize> for Mix {
    fn from_iter<I: IntoIterator<Item = usize>>(units: I) -> Self {
        Self::default().with(units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mix_is_known_by_its_units_alone() {
        let one: Mix = [3, 70, 199].into_iter().collect();
        assert_eq!(one, Mix::default().with([199]).with([70, 3]));
        assert_eq!(one.units().collect::<Vec<_>>(), [3, 70, 199]);
        assert_eq!((one.len(), one.has(70), one.has(71), one.has(900)), (3, true, false, false));
        assert!(one.is_within(&Mix::all(200)) && !one.is_within(&Mix::all(199)));
        assert!(Mix::default().is_within(&one) && !one.is_within(&Mix::default()));
        assert!(Mix::all(0).is_empty());
    }
}
