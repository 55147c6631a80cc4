//! A record's policies, asked again.

use serde::Serialize;
use snapshot_core::{policy::Decision, verdict::Outcome};

use crate::render::{Cell, Column, Line, Page, Report, Table, Tone, page::Fit};

/// A record's policies, asked again.
#[derive(Clone, Debug, Serialize)]
pub struct ReplayReport {
    /// The record: `prod/7`.
    pub record: String,
    /// Each policy that answered then.
    pub items: Vec<ReplayRow>,
}

/// One policy, asked again.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplayRow {
    /// The policy's name.
    pub policy: String,
    /// Decision that it was asked for.
    pub decision: Decision,
    /// True if the answer is equal to the byte.
    pub same: bool,
    /// Reason why it could not be asked, where it could not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Outcome now, where it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Outcome>,
}

impl ReplayReport {
    /// True if every policy answers what was recorded.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.items.iter().all(|row| row.same)
    }
}

impl Report for ReplayReport {
    const KIND: &'static str = "PolicyReplay";

    fn page(&self, page: &mut Page) {
        let (word, tone, says) = if self.is_same() {
            ("SAME", Tone::Good, "the policies answer what is recorded as")
        } else {
            ("DIFFERENT", Tone::Bad, "the policies do not answer what is recorded as")
        };
        page.title(Line::default().with(tone, word).plain(format!("  {says} {}", self.record)));
        let mut table = Table::new([
            Column::new("POLICY", Fit::Middle),
            Column::new("DECISION", Fit::Whole),
            Column::new("ANSWER", Fit::Wrap),
        ]);
        for row in &self.items {
            let answer = match (&row.problem, row.same) {
                (Some(problem), _) => Cell::toned(Tone::Bad, problem.clone()),
                (None, true) => Cell::toned(Tone::Good, "same"),
                (None, false) => Cell::toned(Tone::Bad, "different"),
            };
            table.row([row.policy.clone().into(), row.decision.name().into(), answer]);
        }
        page.table(table);
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|row| row.policy.clone()).collect()
    }
}
