//! Report of a policy's fixtures.

use snapshot_core::policy::fixture::{FixtureOutcome, TestRun};

use crate::render::reports::amounts::time;
use crate::render::{
    Cell, Column, Detail, Line, Page, Report, Row, Table, Tone, page::Fit, reports::lines,
};

impl Report for TestRun {
    const KIND: &'static str = "PolicyTestRun";

    fn page(&self, page: &mut Page) {
        let bad = self.fixtures.iter().filter(|fixture| !fixture.outcome.is_good()).count();
        let count = self.fixtures.len();
        let (word, tone) = if bad == 0 { ("PASSED", Tone::Good) } else { ("FAILED", Tone::Bad) };
        let plural = if count == 1 { "" } else { "s" };
        let what = if bad == 0 {
            format!("{count} fixture{plural}")
        } else {
            format!("{bad} of {count} fixture{plural}")
        };
        page.title(
            Line::default()
                .with(tone, word)
                .plain(format!("  {what} of "))
                .with(Tone::Strong, self.policy.clone()),
        );
        let mut table = Table::headless([
            Column::new("RESULT", Fit::Whole),
            Column::new("FIXTURE", Fit::Whole),
            Column::new("TIME", Fit::Whole).wide(),
            Column::new("ABOUT", Fit::End),
        ]);
        for fixture in &self.fixtures {
            let (tone, word) = match &fixture.outcome {
                FixtureOutcome::Passed => (Tone::Good, "passed"),
                FixtureOutcome::Updated => (Tone::Caution, "updated"),
                FixtureOutcome::New { .. } => (Tone::Bad, "new"),
                FixtureOutcome::Differs { .. } => (Tone::Bad, "differs"),
                FixtureOutcome::Broken { .. } => (Tone::Bad, "broken"),
            };
            let row = Row::new([
                Cell::toned(tone, word),
                fixture.name.clone().into(),
                time(fixture.microseconds).into(),
                fixture.description.clone().unwrap_or_default().into(),
            ]);
            table.row(details(&fixture.outcome).into_iter().fold(row, Row::with));
        }
        page.table(table);
    }

    /// The fixtures with which something is wrong.
    fn names(&self) -> Vec<String> {
        let bad = self.fixtures.iter().filter(|fixture| !fixture.outcome.is_good());
        bad.map(|fixture| fixture.name.clone()).collect()
    }
}

fn details(outcome: &FixtureOutcome) -> Vec<Detail> {
    let note = |text: &str| Detail::Note(Line::default().plain(text.to_owned()));
    let hunk = |before: &str, after: &str| lines::between(before, after, LINES).map(Detail::Hunk);
    match outcome {
        FixtureOutcome::Passed | FixtureOutcome::Updated => Vec::new(),
        FixtureOutcome::Broken { reason } => vec![note(reason)],
        FixtureOutcome::New { got } => {
            let said = note("it expects nothing yet; --update writes this");
            [Some(said), hunk("", got)].into_iter().flatten().collect()
        }
        FixtureOutcome::Differs { expected, got } => hunk(expected, got).into_iter().collect(),
    }
}

/// A fixture shows at most so many lines of difference.
const LINES: usize = 60;
