//! The simulator of bisections: runs that a search needs in made-up worlds, beside ddmin.
//!
//! It drives the very code that decides in the product. What it assumes: which units are to blame is
//! drawn evenly, nothing else breaks, no unit needs another, failures are monotone, and runs err
//! independently of each other. `cargo run --release --example bisect -- [SEED] [ROUNDS]`

use std::{
    collections::BTreeSet,
    env,
    io::{self, Write},
};

use snapshot_core::bisect::{Colour, End, Mix, Needs, Search, Step, Trial, Trials};

/// Odds from which on a step is sure.
const SURE: f64 = 0.99;

/// A source of numbers that look random, the same ones for the same seed.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default())
            / f64::from(u32::MAX)
    }

    fn distinct(&mut self, count: usize, below: usize) -> Vec<usize> {
        let mut all: Vec<(f64, usize)> = (0..below).map(|one| (self.next(), one)).collect();
        all.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let mut chosen: Vec<usize> = all.into_iter().take(count).map(|(_, one)| one).collect();
        chosen.sort_unstable();
        chosen
    }
}

/// World: the sets of units that fail, and rates at which the command errs.
struct World {
    culprits: Vec<Vec<usize>>,
    false_red: f64,
    missed: f64,
    numbers: Numbers,
    runs: u32,
}

impl World {
    fn is_red(&mut self, has: impl Fn(usize) -> bool) -> bool {
        self.runs += 1;
        let broken = self.culprits.iter().any(|set| set.iter().all(|unit| has(*unit)));
        let chance = self.numbers.next();
        if broken { chance >= self.missed } else { chance < self.false_red }
    }

    /// The product's search; true if it was right.
    fn search(&mut self, units: usize) -> bool {
        let search = Search { most_runs: 400, ..Search::new(Needs::none(units), SURE) };
        let mut trials = Trials::default();
        let conclusion = loop {
            match search.next(&trials) {
                Step::End(conclusion) => break conclusion,
                Step::Try { mix, .. } => {
                    let red = self.is_red(|unit| Mix::has(&mix, unit));
                    let colour = if red { Colour::Red } else { Colour::Green };
                    trials.run.push(Trial { mix, colour });
                }
            }
        };
        self.runs = self.runs.saturating_sub(2 * search.calibrate);
        let sets = conclusion
            .culprits
            .iter()
            .map(|culprit| culprit.members.iter().flatten().copied().collect::<BTreeSet<usize>>());
        let sets: BTreeSet<BTreeSet<usize>> = sets.collect();
        let meant = self.culprits.iter().map(|set| set.iter().copied().collect());
        sets == meant.collect() && matches!(conclusion.end, End::Clean { .. })
    }

    /// Zeller's ddmin for each culprit in turn, as it is written, with results remembered.
    fn ddmin(&mut self, units: usize) {
        let mut seen: Vec<(BTreeSet<usize>, bool)> = Vec::new();
        let mut left: BTreeSet<usize> = (0..units).collect();
        loop {
            let found = self.smallest(&left, &mut seen);
            left.retain(|unit| !found.contains(unit));
            if found.is_empty() || !self.remembered(&left, &mut seen) {
                return;
            }
        }
    }

    fn smallest(
        &mut self,
        from: &BTreeSet<usize>,
        seen: &mut Vec<(BTreeSet<usize>, bool)>,
    ) -> BTreeSet<usize> {
        let (mut set, mut pieces) = (from.clone(), 2);
        while set.len() > 1 {
            let size = set.len().div_ceil(pieces);
            let all: Vec<usize> = set.iter().copied().collect();
            let subsets: Vec<BTreeSet<usize>> =
                all.chunks(size).map(|piece| piece.iter().copied().collect()).collect();
            let red = subsets.iter().find(|one| self.remembered(one, seen));
            if let Some(red) = red {
                (set, pieces) = (red.clone(), 2);
                continue;
            }
            let rest = |one: &BTreeSet<usize>| set.difference(one).copied().collect();
            let complements: Vec<BTreeSet<usize>> = subsets.iter().map(rest).collect();
            let red = complements.iter().find(|one| self.remembered(one, seen));
            if let Some(red) = red {
                (set, pieces) = (red.clone(), (pieces - 1).max(2));
            } else if pieces >= set.len() {
                break;
            } else {
                pieces = (pieces * 2).min(set.len());
            }
        }
        set
    }

    fn remembered(
        &mut self,
        set: &BTreeSet<usize>,
        seen: &mut Vec<(BTreeSet<usize>, bool)>,
    ) -> bool {
        if let Some((_, red)) = seen.iter().find(|(known, _)| known == set) {
            return *red;
        }
        let red = self.is_red(|unit| set.contains(&unit));
        seen.push((set.clone(), red));
        red
    }
}

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1).filter_map(|word| word.parse::<u64>().ok());
    let (seed, rounds) = (arguments.next().unwrap_or(7), arguments.next().unwrap_or(200));
    let mut out = io::stdout().lock();
    writeln!(out, "seed {seed}, {rounds} rounds, sure to {SURE}; calibration not counted")?;
    writeln!(out, "changes  culprits  false reds  missed   runs  ddmin  ratio  right")?;
    for (units, rates) in [
        (10, (0.0, 0.0)),
        (30, (0.0, 0.0)),
        (100, (0.0, 0.0)),
        (300, (0.0, 0.0)),
        (64, (0.05, 0.0)),
        (64, (0.05, 0.2)),
    ] {
        for (name, size, apart) in
            [("one", 1, false), ("pair", 2, false), ("triple", 3, false), ("3 apart", 3, true)]
        {
            let mut numbers = Numbers(seed);
            let (mut runs, mut others, mut right) = (0, 0, 0);
            for round in 0..rounds {
                let chosen = numbers.distinct(size, units);
                let culprits: Vec<Vec<usize>> = if apart {
                    chosen.iter().map(|one| vec![*one]).collect()
                } else {
                    vec![chosen]
                };
                let (false_red, missed) = rates;
                let world =
                    |culprits, numbers| World { culprits, false_red, missed, numbers, runs: 0 };
                let mut searched = world(culprits.clone(), Numbers(seed ^ round));
                right += u64::from(searched.search(units));
                runs += u64::from(searched.runs);
                let mut beside = world(culprits, Numbers(seed ^ round));
                if rates == (0.0, 0.0) {
                    beside.ddmin(units);
                }
                others += u64::from(beside.runs);
            }
            let mean = |sum: u64| {
                f64::from(u32::try_from(sum).unwrap_or(u32::MAX))
                    / f64::from(u32::try_from(rounds).unwrap_or(u32::MAX))
            };
            let (runs, others, right) = (mean(runs), mean(others), mean(right) * 100.0);
            let beside = if others > 0.0 {
                format!("{others:>5.1}  {:>5.2}", runs / others)
            } else {
                "    -      -".to_owned()
            };
            writeln!(
                out,
                "{units:>7}  {name:<8}  {:>8} %  {:>4} %  {runs:>5.1}  {beside}  {right:>4.1} %",
                rates.0 * 100.0,
                rates.1 * 100.0
            )?;
        }
    }
    Ok(())
}
