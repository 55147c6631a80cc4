//! Beliefs: which cut of a chain is the first that is red.

use super::{Mix, chain::Chain, rates::Split, trial::Trials};

/// Odds, before any trial, that a member of a culprit fails without what comes before it.
pub(super) const ENOUGH: f64 = 0.3;
/// Odds that a mix without the member that is looked for fails because of another culprit.
const ANOTHER: f64 = 0.03;

/// Number of units beside the core among which another culprit is not to be expected.
const FEW: usize = 4;

/// Odds, for each cut of a chain, that it is the first red one; and, last, that none is.
#[derive(Debug)]
pub(super) struct Belief(Vec<f64>);

/// Beliefs about a chain before its trials.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prior {
    /// Odds that its first cut is red already.
    pub(super) first: f64,
    /// Odds that none of its cuts is red.
    pub(super) none: f64,
}

impl Belief {
    /// Belief after the trials, given mixes that are known to be sound, and how suspicious each unit is.
    pub(super) fn of(
        chain: &Chain,
        prior: Prior,
        suspicion: &[f64],
        sound: &[Mix],
        trials: &Trials,
    ) -> Self {
        let cuts = &chain.cuts;
        let rest = 1.0 - prior.none - prior.first;
        let of_block = |block: &[usize]| block.iter().map(|unit| suspicion[*unit]).sum::<f64>();
        let whole: f64 = cuts.iter().skip(1).map(|cut| of_block(&cut.block)).sum();
        let mut odds: Vec<f64> = Vec::new();
        for (place, cut) in cuts.iter().enumerate() {
            let share = if place == 0 { prior.first } else { rest * of_block(&cut.block) / whole };
            let is_sound = sound.iter().any(|one| cut.mix.is_within(one));
            odds.push(if is_sound { f64::NEG_INFINITY } else { share.max(1e-12).ln() });
        }
        odds.push(prior.none.ln());
        let mut splits = vec![Split::default(); odds.len()];
        let few = cuts.first().map_or(0, |cut| cut.mix.len()) + FEW;
        for (mix, counts) in trials.by_mix() {
            let known = sound.iter().any(|one| mix.is_within(one));
            let held = cuts.iter().position(|cut| mix.is_within(&cut.mix));
            let beyond = cuts.iter().position(|cut| !cut.mix.is_within(mix));
            let (held, beyond) = (held.unwrap_or(cuts.len()), beyond.unwrap_or(cuts.len()));
            let above = held == cuts.len();
            if above && beyond != cuts.len() {
                continue;
            }
            for (first_red, split) in splits.iter_mut().enumerate() {
                let is_broken = if known || held < first_red {
                    false
                } else if above || first_red < beyond {
                    true
                } else {
                    // It lies beside the cuts: the culprit may be in it, whole or not.
                    let red = counts.red > counts.green;
                    let touched = cuts[first_red].block.iter().any(|unit| mix.has(*unit));
                    let likely = if touched || mix.len() > few { ENOUGH } else { ANOTHER };
                    odds[first_red] += if red { likely } else { 1.0 - likely }.ln();
                    red
                };
                split.add(is_broken, counts);
            }
        }
        for (odds, split) in odds.iter_mut().zip(&splits) {
            *odds += split.weight();
        }
        let most = odds.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let odds: Vec<f64> = odds.iter().map(|one| (one - most).exp()).collect();
        let sum: f64 = odds.iter().sum();
        Self(odds.iter().map(|one| one / sum).collect())
    }

    /// The likeliest, and how sure it is.
    pub(super) fn likeliest(&self) -> (usize, f64) {
        let likelier = |best: (usize, f64), (place, odds): (usize, f64)| {
            if odds > best.1 { (place, odds) } else { best }
        };
        self.0.iter().copied().enumerate().fold((0, 0.0), likelier)
    }

    /// The cut to try next: the one that parts the odds most evenly.
    pub(super) fn median(&self) -> usize {
        let mut below = 0.0;
        let mut best = (0, f64::INFINITY);
        for (place, odds) in self.0.iter().take(self.0.len() - 1).enumerate() {
            below += odds;
            let distance = (below - 0.5).abs();
            if distance < best.1 {
                best = (place, distance);
            }
        }
        best.0
    }

    /// Odds of each cut, and of none.
    pub(super) fn odds(&self) -> &[f64] {
        &self.0
    }
}
