//! The search: which mix to try next, as a function of the trials so far.
//!
//! Units stand in an order in which needs come first, so that every prefix is a mix that can be
//! run. The last unit of the smallest red prefix belongs to a culprit. It is kept as the core, and
//! what comes before is searched again with the core applied, until the core alone is red. Then the
//! culprit is taken out of BAD with all that needs it, and what is left is searched.
//!
//! Nothing is kept between two questions but the trials: a search that was killed goes on with what
//! it had recorded, by the same code.

use super::{
    Mix, Needs,
    belief::{Belief, ENOUGH, Prior},
    chain::Chain,
    trial::Trials,
};

/// Odds from which on a member is tried alone, before it is sure that it is one.
const LIKELY: f64 = 0.7;
/// Odds, before any trial, that there is no further culprit.
const NO_MORE: f64 = 0.8;
/// Odds that BAD is not red, after it has been seen to be so.
const DOUBT: f64 = 0.001;

/// A search over units.
#[derive(Clone, Debug)]
pub struct Search {
    /// Needs among the units.
    pub needs: Needs,
    /// Suspicion of each unit, beside the others. It saves runs, and never decides.
    pub suspicion: Vec<f64>,
    /// Odds from which on a step is sure, between 0 and 1.
    pub sure: f64,
    /// Runs of GOOD and of BAD before the search.
    pub calibrate: u32,
    /// Runs after which it ends, found or not.
    pub most_runs: usize,
}

/// Step to be done next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Try a mix.
    Try {
        /// The mix.
        mix: Mix,
        /// Units that may still be the one that is looked for.
        candidates: usize,
    },
    /// Nothing: this is what there is to say.
    End(Conclusion),
}

/// Conclusion from all trials.
#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    /// The culprits that were found.
    pub culprits: Vec<Culprit>,
    /// End of the search.
    pub end: End,
}

/// Units that together make the command fail.
#[derive(Clone, Debug, PartialEq)]
pub struct Culprit {
    /// The members: each a unit, or several that cannot be told apart.
    pub members: Vec<Vec<usize>>,
    /// Odds that it is so, between 0 and 1.
    pub sure: f64,
    /// True if these alone, on GOOD with what they need, were seen to fail.
    pub alone: bool,
}

/// Ways in which a search ends.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// BAD without the culprits is green, as surely as said.
    Clean {
        /// Odds that it is so, between 0 and 1.
        sure: f64,
    },
    /// BAD without the culprits cannot be tried: nobody knows what else there is.
    Unchecked,
    /// The runs were spent before it was sure enough.
    Unclear {
        /// Candidates for the next member, the likeliest first, with their odds.
        candidates: Vec<(Vec<usize>, f64)>,
        /// Members that were found of the culprit that it belongs to.
        with: Vec<Vec<usize>>,
    },
    /// GOOD is red.
    GoodIsRed,
    /// BAD is green.
    BadIsGreen,
}

/// One round: the search for one culprit among the units that are left.
struct Round<'a> {
    search: &'a Search,
    trials: &'a Trials,
    /// The units that are left, in their order.
    order: Vec<usize>,
    /// True of the first round, whose last mix is BAD.
    first: bool,
}

/// Result of a round.
enum Found {
    Step(Step),
    Culprit(Culprit),
    /// No further one, as surely as said.
    None(f64),
    Unchecked,
    Unclear(Vec<(Vec<usize>, f64)>, Vec<Vec<usize>>),
}

impl Search {
    /// A search that is to be so sure, over units that are all equally suspicious.
    #[must_use]
    pub fn new(needs: Needs, sure: f64) -> Self {
        let suspicion = vec![1.0; needs.units()];
        Self { needs, suspicion, sure, calibrate: 3, most_runs: 100 }
    }

    /// Step to be done next, after these trials.
    #[must_use]
    pub fn next(&self, trials: &Trials) -> Step {
        if let Some(step) = self.calibration(trials) {
            return step;
        }
        let mut culprits: Vec<Culprit> = Vec::new();
        let mut gone = Mix::default();
        let mut sound = vec![Mix::default()];
        let end = loop {
            let order = (0..self.needs.units()).filter(|unit| !gone.has(*unit)).collect();
            let round = Round { search: self, trials, order, first: culprits.is_empty() };
            match round.go(&mut sound) {
                Found::Step(step) => return step,
                Found::Culprit(culprit) => {
                    let members = culprit.members.iter().flatten().copied();
                    gone = self.needs.with_dependents(&gone.with(members));
                    culprits.push(culprit);
                }
                Found::None(sure) => break End::Clean { sure },
                Found::Unchecked => break End::Unchecked,
                Found::Unclear(candidates, with) => break End::Unclear { candidates, with },
            }
        };
        Step::End(Conclusion { culprits, end })
    }

    /// The runs of GOOD and BAD that come first, and the end where they are not what they are
    /// called.
    fn calibration(&self, trials: &Trials) -> Option<Step> {
        let (good, bad) = (Mix::default(), Mix::all(self.needs.units()));
        let (of_good, of_bad) = (trials.of(&good), trials.of(&bad));
        let ended = |end| Some(Step::End(Conclusion { culprits: Vec::new(), end }));
        // One red GOOD among others may be a flake: then more of them tell.
        let often = of_good.red * 2 > of_good.runs();
        let enough = |runs: u32| runs >= self.calibrate;
        let is_certain = of_good.green == 0 || of_good.runs() >= self.calibrate * 3;
        if often && is_certain && enough(of_good.runs()) {
            return ended(End::GoodIsRed);
        }
        if of_bad.red == 0 && of_bad.green >= self.calibrate {
            return ended(End::BadIsGreen);
        }
        let enough_of_good = enough(of_good.runs()) && !often;
        let mix = match (enough_of_good, enough(of_bad.runs())) {
            (true, true) => return None,
            (false, true) => good,
            (false, false) if of_good.runs() <= of_bad.runs() => good,
            (true | false, false) => bad,
        };
        let candidates = self.needs.units();
        Some(Step::Try { mix, candidates })
    }
}

impl Round<'_> {
    /// Goes from member to member, as far as the trials lead.
    fn go(&self, sound: &mut Vec<Mix>) -> Found {
        let mut culprit = Culprit { members: Vec::new(), sure: 1.0, alone: false };
        let mut order = self.order.as_slice();
        loop {
            let is_first = culprit.members.is_empty();
            let core: Mix = culprit.members.iter().flatten().copied().collect();
            let Search { needs, suspicion, sure, .. } = self.search;
            let last_is_known = self.first || !is_first;
            let chain = Chain::new(order, &core, needs, &self.trials.blocked, last_is_known);
            let Some(none) = chain.cuts.len().checked_sub(1).map(|last| last + 1) else {
                return Found::Unchecked;
            };
            let prior = match (is_first, self.first) {
                (true, true) => Prior { first: 0.0, none: DOUBT },
                (true, false) => Prior { first: 0.0, none: NO_MORE },
                (false, _) => Prior { first: ENOUGH, none: (1.0 - culprit.sure).max(1e-6) },
            };
            let belief = Belief::of(&chain, prior, suspicion, sound, self.trials);
            let (likeliest, odds) = belief.likeliest();
            let untried = self.untried(&chain, likeliest, &core, odds).filter(|_| odds < 1.0);
            if odds < *sure || (likeliest == none && !is_first) || untried.is_some() {
                if self.trials.run.len() >= self.search.most_runs {
                    return Found::Unclear(candidates(&chain, &belief), culprit.members);
                }
                let cut = if odds < *sure { belief.median() } else { none - 1 };
                let candidates = count_likely(&chain, &belief);
                let mix = untried.unwrap_or_else(|| chain.cuts[cut].mix.clone());
                return Found::Step(Step::Try { mix, candidates });
            }
            if likeliest == none {
                return if chain.above.is_empty() { Found::None(odds) } else { Found::Unchecked };
            }
            culprit.sure *= odds;
            let cut = &chain.cuts[likeliest];
            if !cut.block.is_empty() {
                culprit.members.push(cut.block.clone());
            }
            let Some(below) = likeliest.checked_sub(1).map(|below| &chain.cuts[below]) else {
                culprit.alone = cut.block.is_empty();
                return match self.unproved(&culprit) {
                    Some(mix) => Found::Step(Step::Try { mix, candidates: culprit.members.len() }),
                    None => Found::Culprit(culprit),
                };
            };
            sound.push(below.mix.clone());
            order = &order[..below.end];
        }
    }
}

impl Round<'_> {
    /// The mix that proves the likeliest and that nobody has run: the rest of BAD, where nothing
    /// more is to be found; the core with the next member alone, where one is likely.
    fn untried(&self, chain: &Chain, likeliest: usize, core: &Mix, odds: f64) -> Option<Mix> {
        let mix = match chain.cuts.get(likeliest) {
            None => chain.cuts.last()?.mix.clone(),
            Some(cut) => {
                self.search.needs.with_needs(&core.clone().with(cut.block.iter().copied()))
            }
        };
        let blocked = self.trials.blocked.contains(&mix);
        (odds >= LIKELY && !blocked && self.trials.of(&mix).runs() == 0).then_some(mix)
    }
}

impl Round<'_> {
    /// A mix that shows whether a member is needed, where the command is known to be flaky: what a
    /// missed failure has added to a culprit is found out so.
    fn unproved(&self, culprit: &Culprit) -> Option<Mix> {
        let flaky = self.trials.by_mix().values().any(|runs| runs.green > 0 && runs.red > 0);
        let others = |left_out: usize| {
            let members = culprit.members.iter().enumerate();
            let others = members.filter(|(place, _)| *place != left_out);
            let others: Mix = others.flat_map(|(_, units)| units).copied().collect();
            self.search.needs.with_needs(&others)
        };
        if !flaky || culprit.members.len() < 2 || self.trials.run.len() >= self.search.most_runs {
            return None;
        }
        let without = (0..culprit.members.len()).map(|place| (place, others(place)));
        let unknown = |(place, mix): &(usize, Mix)| {
            !culprit.members[*place].iter().any(|unit| mix.has(*unit))
                && !self.trials.blocked.contains(mix)
                && self.trials.of(mix).runs() == 0
        };
        without.filter(unknown).map(|(_, mix)| mix).next()
    }
}

/// Candidates for the next member, the likeliest first.
fn candidates(chain: &Chain, belief: &Belief) -> Vec<(Vec<usize>, f64)> {
    let blocks = chain.cuts.iter().map(|cut| cut.block.clone());
    let mut found: Vec<_> = blocks.zip(belief.odds().iter().copied()).collect();
    found.retain(|(block, odds)| !block.is_empty() && *odds >= 0.01);
    found.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    found
}

/// Number of units that may well be the next member.
fn count_likely(chain: &Chain, belief: &Belief) -> usize {
    let all = chain.cuts.iter().zip(belief.odds());
    let least = 0.01 / usize_to_f64(chain.cuts.len());
    all.filter(|(_, odds)| **odds >= least).map(|(cut, _)| cut.block.len()).sum()
}

fn usize_to_f64(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}
