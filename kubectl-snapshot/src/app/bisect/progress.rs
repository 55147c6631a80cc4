//! Progress of a bisection in words.

use snapshot_core::bisect::Units;

/// The number of runs so far, and of units that may still be the one.
#[derive(Clone, Copy)]
pub(super) struct Watched {
    pub(super) runs: usize,
    pub(super) candidates: usize,
}

/// Announcement of the search.
pub(super) fn beginning(good: &str, bad: &str, units: &Units) -> String {
    let count = units.units.len();
    let what = if count == 1 { "1 change".to_owned() } else { format!("{count} changes") };
    format!("{what} between {good} and {bad}")
}

impl Watched {
    /// A run that has ended.
    pub(super) fn result(self, units: usize, all: usize, green: bool, remembered: bool) -> String {
        let mix = match units {
            0 => "GOOD".to_owned(),
            units if units == all => "BAD".to_owned(),
            units => format!("{units} of {all} changes"),
        };
        let colour = if green { "green" } else { "red" };
        let known = if remembered { ", known from before" } else { "" };
        format!(
            "run {}: {mix}: {colour}{known} ({} may be it, about {} more runs)",
            self.runs + 1,
            self.candidates,
            self.expected()
        )
    }

    /// A run that did not come to its end.
    pub(super) fn interrupted(self, all: usize) -> String {
        let (runs, candidates) = (self.runs, self.candidates);
        format!("so far: {runs} runs, and {candidates} of {all} changes may be it")
    }

    /// Runs that are to be expected: one for each halving, one of the culprit alone, one of the
    /// rest.
    fn expected(self) -> u32 {
        usize::BITS - self.candidates.max(1).leading_zeros() + 1
    }
}
