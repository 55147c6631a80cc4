//! Counts of runs: commands, faults, exit codes.

use std::{collections::BTreeMap, fmt};

use end_to_end::Fault;

/// Counts of runs.
#[derive(Default)]
pub(super) struct Tally {
    runs: usize,
    met: usize,
    commands: BTreeMap<&'static str, usize>,
    faults: BTreeMap<String, usize>,
    exits: BTreeMap<i32, usize>,
}

impl Tally {
    /// Counts one run.
    pub(super) fn add(&mut self, command: &'static str, fault: Fault, met: bool, exit: i32) {
        self.runs += 1;
        *self.commands.entry(command).or_default() += 1;
        *self.exits.entry(exit).or_default() += 1;
        if met {
            self.met += 1;
            *self.faults.entry(format!("{fault:?}")).or_default() += 1;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} runs, {} met their fault", self.runs, self.met)?;
        writeln!(f, "commands: {:?}", self.commands)?;
        writeln!(f, "faults: {:?}", self.faults)?;
        write!(f, "exit codes: {:?}", self.exits)
    }
}
