//! The report of a bisection: what breaks the command, how sure that is, and from which runs.

use serde::Serialize;

use super::{Colour, Conclusion, End, Mix, Trials, Units};
use crate::{diff::Side, digest::Digest};

/// Findings of a bisection.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Summary in a sentence.
    pub summary: String,
    /// The set for which the command does not fail.
    pub good: Side,
    /// The set for which it fails.
    pub bad: Side,
    /// The command with its arguments.
    pub command: Vec<String>,
    /// The culprits: each breaks the command by itself.
    pub culprits: Vec<FoundCulprit>,
    /// Knowledge of the rest of BAD.
    pub outlook: Outlook,
    /// Odds that there is nothing else, in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sure_of_the_rest: Option<f64>,
    /// Candidates for the next member, where that could not be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// Number of units in which both differ.
    pub units: usize,
    /// Number of runs, remembered ones among them.
    pub runs: usize,
    /// Number of runs that were remembered.
    pub remembered: usize,
    /// Number of mixes that were seen both green and red.
    pub flaky: usize,
    /// Mixes that were not run, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<Blocked>,
    /// The runs, in their order.
    pub trials: Vec<Tried>,
}

/// Units that together break the command.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundCulprit {
    /// The members: each a unit, or several that cannot be told apart.
    pub members: Vec<Vec<String>>,
    /// Odds that it is one, in per cent.
    pub sure: f64,
    /// True if these alone, on GOOD with what they need, were seen to fail.
    pub alone: bool,
}

/// Candidate for the next member of a culprit.
#[derive(Clone, Debug, Serialize)]
pub struct Candidate {
    /// A unit, or several that cannot be told apart.
    pub units: Vec<String>,
    /// Odds that it is, in per cent.
    pub odds: f64,
}

/// Knowledge of the rest of BAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outlook {
    /// BAD without the culprits is green.
    Clean,
    /// BAD without the culprits could not be tried.
    Unchecked,
    /// The runs were spent before it was sure.
    Unclear,
}

/// A mix that was not run.
#[derive(Clone, Debug, Serialize)]
pub struct Blocked {
    /// Units of BAD in it.
    pub units: usize,
    /// Reason why.
    pub reason: String,
}

/// A run of the command.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tried {
    /// Digest of the mix.
    pub digest: Digest,
    /// Units of BAD in it.
    pub units: usize,
    /// True if the command was content.
    pub green: bool,
    /// Exit code of the command.
    pub exit_code: i32,
    /// True if an earlier bisection has run it.
    pub remembered: bool,
}

impl Report {
    /// The report of what the trials say in the end.
    #[must_use]
    pub fn new(
        [good, bad]: [Side; 2],
        command: Vec<String>,
        units: &Units,
        conclusion: &Conclusion,
        trials: &Trials,
        (tried, blocked): (Vec<Tried>, Vec<Blocked>),
    ) -> Self {
        let titles = |block: &[usize]| -> Vec<String> {
            block.iter().map(|unit| units.units[*unit].title.clone()).collect()
        };
        let culprits = conclusion.culprits.iter().map(|one| FoundCulprit {
            members: one.members.iter().map(|block| titles(block)).collect(),
            sure: percent(one.sure),
            alone: one.alone,
        });
        let (outlook, sure_of_the_rest, open): (_, _, &[_]) = match &conclusion.end {
            End::Clean { sure } => (Outlook::Clean, Some(percent(*sure)), &[]),
            End::Unclear { candidates, .. } => (Outlook::Unclear, None, candidates),
            End::Unchecked | End::GoodIsRed | End::BadIsGreen => (Outlook::Unchecked, None, &[]),
        };
        let candidates = open
            .iter()
            .map(|(block, odds)| Candidate { units: titles(block), odds: percent(*odds) });
        let mut report = Self {
            summary: String::new(),
            good,
            bad,
            command,
            culprits: culprits.collect(),
            outlook,
            sure_of_the_rest,
            candidates: candidates.collect(),
            units: units.units.len(),
            runs: tried.len(),
            remembered: tried.iter().filter(|one| one.remembered).count(),
            flaky: flaky(trials),
            blocked,
            trials: tried,
        };
        report.summary = report.sentence();
        report
    }

    /// True if a culprit was found, and nothing is open.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.outlook != Outlook::Unclear && !self.culprits.is_empty()
    }

    fn sentence(&self) -> String {
        let command = self.command.join(" ");
        let runs = if self.runs == 1 { "1 run".to_owned() } else { format!("{} runs", self.runs) };
        let found = self.culprits.iter().map(|one| {
            let members: Vec<String> = one.members.iter().map(|block| block_name(block)).collect();
            format!("{} breaks {command}; sure to {} %", members.join(" together with "), one.sure)
        });
        let found: Vec<String> = found.collect();
        let mut text = found.join("; ");
        if !text.is_empty() {
            text = format!("{text} after {runs}");
        }
        let rest = match self.outlook {
            Outlook::Clean => return text,
            Outlook::Unchecked => {
                "what else there is cannot be told: BAD without it cannot be tried".to_owned()
            }
            Outlook::Unclear => {
                let likeliest = self.candidates.iter().take(3);
                let named: Vec<String> = likeliest
                    .map(|one| format!("{} ({} %)", block_name(&one.units), one.odds))
                    .collect();
                format!("{runs} do not tell what breaks {command}; it may be {}", named.join(", "))
            }
        };
        if text.is_empty() { rest } else { format!("{text}; {rest}") }
    }
}

fn block_name(block: &[String]) -> String {
    match block {
        [one] => one.clone(),
        several => format!("one or more of {}, which cannot be told apart,", several.join(", ")),
    }
}

/// Per cent with one digit, and never more sure than anybody can be.
fn percent(odds: f64) -> f64 {
    ((odds * 1000.0).floor() / 10.0).min(99.9)
}

/// Number of mixes that were seen in both colours.
fn flaky(trials: &Trials) -> usize {
    let seen = |mix: &Mix, colour: Colour| {
        trials.run.iter().any(|one| one.mix == *mix && one.colour == colour)
    };
    let mixes: std::collections::BTreeSet<&Mix> = trials.run.iter().map(|one| &one.mix).collect();
    mixes.into_iter().filter(|mix| seen(mix, Colour::Green) && seen(mix, Colour::Red)).count()
}
