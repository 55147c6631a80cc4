//! Trials: what the command said of mixes.

use std::collections::BTreeMap;

use super::Mix;

/// Colour of a mix that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// The command was content.
    Green,
    /// The command failed.
    Red,
}

/// One run of the command against a mix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The mix.
    pub mix: Mix,
    /// Word of the command.
    pub colour: Colour,
}

/// All that is known so far: the trials, and the mixes that cannot be tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trials {
    /// The trials in the order in which they were run.
    pub run: Vec<Trial>,
    /// Mixes that a policy refuses, that cannot be composed, or that cannot be tested.
    pub blocked: Vec<Mix>,
}

/// Runs of one mix, or of all mixes of a sort, by their colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Green runs.
    pub green: u32,
    /// Red runs.
    pub red: u32,
}

impl Counts {
    /// One run more.
    pub(super) fn add(&mut self, colour: Colour) {
        match colour {
            Colour::Green => self.green += 1,
            Colour::Red => self.red += 1,
        }
    }

    /// Number of runs.
    #[must_use]
    pub fn runs(self) -> u32 {
        self.green + self.red
    }
}

impl Trials {
    /// The runs of each mix.
    pub(super) fn by_mix(&self) -> BTreeMap<&Mix, Counts> {
        let mut by_mix: BTreeMap<&Mix, Counts> = BTreeMap::new();
        for trial in &self.run {
            by_mix.entry(&trial.mix).or_default().add(trial.colour);
        }
        by_mix
    }

    /// The runs of one mix.
    #[must_use]
    pub fn of(&self, mix: &Mix) -> Counts {
        let mut counts = Counts::default();
        for trial in self.run.iter().filter(|trial| trial.mix == *mix) {
            counts.add(trial.colour);
        }
        counts
    }
}
