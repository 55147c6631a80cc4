//! One policy's answer to one question.

use serde::Serialize;
use serde_json::Value;
use snapshot_core::{
    policy::{Answer, Mode, Run, Settings, fixture::Expectation},
    verdict::PolicyReport,
};

use crate::render::reports::amounts::{size, time};
use crate::render::{
    Column, Detail, Line, Page, Report, Row, Table, Tone,
    page::Fit,
    reports::{check, lines},
    yaml_text,
};

/// One policy's answer to one question.
#[derive(Clone, Debug, Serialize)]
pub struct RunReport {
    /// The answer, and what it took.
    #[serde(flatten)]
    pub run: Run,
    /// True if the answer is the recorded one, where one was replayed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replayed: Option<bool>,
    /// Recorded answer, where one was replayed.
    #[serde(skip)]
    pub recorded: Option<Answer>,
    /// The whole question, where the reader asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<Value>,
}

impl Report for RunReport {
    const KIND: &'static str = "PolicyRun";

    fn page(&self, page: &mut Page) {
        if let Some(same) = self.replayed {
            page.title(if same {
                Line::default().with(Tone::Good, "SAME").plain("  it answers what was recorded")
            } else {
                Line::default()
                    .with(Tone::Bad, "DIFFERENT")
                    .plain("  it does not answer what was recorded")
            });
        }
        if let Some(question) = &self.question {
            page.line(Line::default().with(Tone::Strong, "QUESTION"));
            let text = yaml_text(question).unwrap_or_else(|error| error.to_string());
            text.lines().for_each(|line| page.line(line.to_owned()));
            page.line("");
        }
        let run = &self.run;
        let report = PolicyReport {
            policy: run.policy.clone(),
            digest: Some(run.digest),
            decision: run.decision,
            question_digest: Some(run.question_digest),
            settings: Settings::default(),
            config_maps: Vec::new(),
            mode: Mode::Enforce,
            outcome: run.outcome(),
        };
        page.table(check::policies(&[report]));
        page.section("difference", self.difference());
        if !run.printed.is_empty() {
            page.line(Line::default().with(Tone::Strong, "PRINTED"));
            run.printed.lines().for_each(|line| page.line(line.to_owned()));
            page.line("");
        }
        page.line(Line::default().with(
            Tone::Muted,
            format!(
                "{} question {}, {}, {} of memory",
                run.decision,
                run.question_digest.short(),
                time(run.microseconds),
                size(run.peak_memory)
            ),
        ));
    }

    fn names(&self) -> Vec<String> {
        vec![self.run.policy.clone()]
    }
}

impl RunReport {
    /// Difference from the recorded answer.
    fn difference(&self) -> Table {
        let mut table = Table::headless([Column::new("RECORDED", Fit::End)]);
        let (Some(false), Some(recorded)) = (self.replayed, &self.recorded) else { return table };
        let text = |answer: &Answer| yaml_text(&Expectation::from(answer)).unwrap_or_default();
        let hunk = lines::between(&text(recorded), &text(&self.run.answer), LINES);
        if let Some(hunk) = hunk.filter(|hunk| !hunk.lines.is_empty()) {
            table.row(Row::new(["from what was recorded".into()]).with(Detail::Hunk(hunk)));
        }
        table
    }
}

/// A replay shows at most so many lines of difference.
const LINES: usize = 60;
