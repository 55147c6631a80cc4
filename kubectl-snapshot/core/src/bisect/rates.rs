//! Rates of flakes: how well counts of runs agree with what mixes are said to be.
//!
//! Two rates are not known beforehand: how often a sound mix is red, and how often a broken one is
//! green. Each has a Beta prior and is integrated out, so that every run teaches both, whatever is
//! being looked for: a hypothesis under which the command would have to be flaky pays for it.

use super::trial::Counts;

/// Odds that a command is exact: most are.
const EXACT: f64 = 0.97;
/// Odds that a run of an exact command goes against what the mix is.
const SLIP: f64 = 0.0001;
/// Runs of a flaky command that went against what the mix is, before any was seen.
const AGAINST: f64 = 1.0;
/// Runs of a flaky command that went as the mix is, before any was seen.
const AS_IS: f64 = 8.0;

/// Runs of the mixes that a hypothesis says are sound, and of those that it says are broken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Split {
    pub(super) sound: Counts,
    pub(super) broken: Counts,
}

impl Split {
    /// Runs of one mix more.
    pub(super) fn add(&mut self, is_broken: bool, runs: Counts) {
        let counts = if is_broken { &mut self.broken } else { &mut self.sound };
        counts.green += runs.green;
        counts.red += runs.red;
    }

    /// Logarithm of the odds of these runs under the hypothesis.
    pub(super) fn weight(&self) -> f64 {
        agreement(self.sound.green, self.sound.red) + agreement(self.broken.red, self.broken.green)
    }
}

/// Logarithm of the probability of a series in which so many runs went as they should, and so many
/// against it.
fn agreement(as_is: u32, against: u32) -> f64 {
    let exact = EXACT.ln() + f64::from(against) * SLIP.ln();
    let flaky = (1.0 - EXACT).ln() + rising(AS_IS, as_is) + rising(AGAINST, against)
        - rising(AS_IS + AGAINST, as_is + against);
    let most = exact.max(flaky);
    most + ((exact - most).exp() + (flaky - most).exp()).ln()
}

fn rising(from: f64, steps: u32) -> f64 {
    (0..steps).map(|step| (from + f64::from(step)).ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_that_goes_as_it_should_is_likelier_the_longer_it_was_so() {
        let next = |as_is, against| agreement(as_is + 1, against) - agreement(as_is, against);
        assert!(next(10, 0) > next(1, 0));
        assert!(next(10, 3) < next(10, 1));
        assert!((agreement(0, 0)).abs() < f64::EPSILON);
    }
}
