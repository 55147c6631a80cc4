//! Searches against made-up worlds: which units are to blame is known, and the command may be flaky.

use super::*;

/// A source of numbers that look random, the same ones for the same seed.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap()) / f64::from(u32::MAX)
    }

    fn distinct(&mut self, count: usize, below: usize) -> Vec<usize> {
        let mut all: Vec<(f64, usize)> = (0..below).map(|one| (self.next(), one)).collect();
        all.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let mut chosen: Vec<usize> = all.into_iter().take(count).map(|(_, one)| one).collect();
        chosen.sort_unstable();
        chosen
    }
}

/// A world: the sets of units that fail together, and how often the command errs.
struct World {
    culprits: Vec<Vec<usize>>,
    false_red: f64,
    missed: f64,
    numbers: Numbers,
}

impl World {
    fn exact(culprits: &[&[usize]]) -> Self {
        let culprits = culprits.iter().map(|set| set.to_vec()).collect();
        Self { culprits, false_red: 0.0, missed: 0.0, numbers: Numbers(1) }
    }

    fn run(&mut self, mix: &Mix) -> Colour {
        let broken = self.culprits.iter().any(|set| set.iter().all(|unit| mix.has(*unit)));
        let chance = self.numbers.next();
        let red = if broken { chance >= self.missed } else { chance < self.false_red };
        if red { Colour::Red } else { Colour::Green }
    }

    fn search(&mut self, search: &Search, mut trials: Trials) -> (Conclusion, Trials) {
        loop {
            match search.next(&trials) {
                Step::End(conclusion) => return (conclusion, trials),
                Step::Try { mix, .. } => {
                    assert!(!trials.blocked.contains(&mix), "a refused mix is run");
                    let colour = self.run(&mix);
                    trials.run.push(Trial { mix, colour });
                }
            }
        }
    }
}

fn found(conclusion: &Conclusion) -> Vec<Vec<usize>> {
    let sets = conclusion.culprits.iter().map(|culprit| {
        let mut units = culprit.members.concat();
        units.sort_unstable();
        units
    });
    let mut sets: Vec<_> = sets.collect();
    sets.sort_unstable();
    sets
}

/// Mean of the runs beside the calibration, and how many of a hundred were right.
fn hundred(units: usize, size: usize, apart: bool, rates: (f64, f64)) -> (f64, u32) {
    let mut numbers = Numbers(7);
    let (mut runs, mut right) = (0, 0);
    for seed in 0..100 {
        let chosen = numbers.distinct(size, units);
        let culprits =
            if apart { chosen.iter().map(|one| vec![*one]).collect() } else { vec![chosen] };
        let mut world = World {
            culprits: culprits.clone(),
            false_red: rates.0,
            missed: rates.1,
            numbers: Numbers(seed),
        };
        let search = Search::new(Needs::none(units), 0.99);
        let (conclusion, trials) = world.search(&search, Trials::default());
        runs += u32::try_from(trials.run.len()).unwrap() - 2 * search.calibrate;
        right += u32::from(found(&conclusion) == culprits);
    }
    (f64::from(runs) / 100.0, right)
}

#[test]
fn few_runs_find_one_a_pair_a_triple_and_three_apart_of_a_hundred() {
    for (size, apart, most) in
        [(1, false, 9.0), (2, false, 17.0), (3, false, 25.0), (3, true, 30.0)]
    {
        let (runs, right) = hundred(100, size, apart, (0.0, 0.0));
        assert_eq!(right, 100, "{size} {apart}");
        assert!(runs <= most, "{size} {apart}: {runs}");
    }
}

#[test]
fn a_command_that_is_red_one_time_in_twenty_for_no_reason_misleads_hardly_ever() {
    let (runs, right) = hundred(64, 1, false, (0.05, 0.0));
    assert!(right >= 98, "{right}");
    assert!(runs <= 13.0, "{runs}");
}

#[test]
fn what_was_recorded_is_gone_on_from_after_any_run() {
    let search = Search::new(Needs::none(30), 0.99);
    let (whole, all) = World::exact(&[&[4, 17]]).search(&search, Trials::default());
    assert_eq!(found(&whole), [[4, 17]]);
    for kept in 0..all.run.len() {
        let run = all.run[..kept].to_vec();
        let killed = Trials { run, ..Trials::default() };
        assert_eq!(World::exact(&[&[4, 17]]).search(&search, killed), (whole.clone(), all.clone()));
    }
}

#[test]
fn a_refused_mix_moves_the_cut_and_what_cannot_be_told_apart_is_said() {
    let search = Search::new(Needs::none(8), 0.99);
    let blocked: Vec<Mix> = (3..6).map(Mix::all).collect();
    let known = Trials { blocked, ..Trials::default() };
    let (conclusion, _) = World::exact(&[&[1]]).search(&search, known.clone());
    assert_eq!(found(&conclusion), [[1]]);
    let (conclusion, _) = World::exact(&[&[3]]).search(&search, known);
    assert_eq!(conclusion.culprits[0].members, [[2, 3, 4, 5]]);
}

#[test]
fn what_is_needed_comes_along_and_goes_along() {
    let mut needs = vec![std::collections::BTreeSet::new(); 6];
    needs[3].insert(1);
    needs[5].insert(3);
    let search = Search::new(Needs::new(needs), 0.99);
    let (conclusion, trials) = World::exact(&[&[3]]).search(&search, Trials::default());
    assert_eq!(found(&conclusion), [[3]]);
    assert!(conclusion.culprits[0].alone);
    let tried = |units: &[usize]| trials.of(&units.iter().copied().collect()).runs();
    assert_eq!((tried(&[1, 3]), tried(&[3])), (1, 0));
    assert_eq!(tried(&[0, 1, 2, 4]), 1, "5 needs 3");
}

#[test]
fn ends_that_are_not_what_they_are_called_are_said() {
    let search = Search::new(Needs::none(5), 0.99);
    let (conclusion, trials) = World::exact(&[]).search(&search, Trials::default());
    assert_eq!((conclusion.end, trials.run.len()), (End::BadIsGreen, 6));
    let (conclusion, trials) = World::exact(&[&[]]).search(&search, Trials::default());
    assert_eq!((conclusion.end, trials.run.len()), (End::GoodIsRed, 5));
}

#[test]
fn candidates_are_named_where_the_runs_are_spent() {
    let search = Search { most_runs: 8, ..Search::new(Needs::none(100), 0.99) };
    let (conclusion, trials) = World::exact(&[&[42]]).search(&search, Trials::default());
    assert_eq!(trials.run.len(), 8);
    let End::Unclear { candidates, .. } = conclusion.end else { panic!("{conclusion:?}") };
    assert!(candidates.iter().any(|(block, _)| block == &[42]));
    assert!(candidates.len() < 30, "{}", candidates.len());
}
