//! Differences of the evidence about two sets.

use snapshot_core::{
    diff::Presence,
    evidence::{APPROVAL, Change, Direction, EvidenceDiff, FactDiff, MetricDiff, Outcome},
    name::StageName,
};

use crate::render::{Cell, Column, Page, Row, Table, page::Fit};

/// Adds what is known about both, or says that nothing is.
pub(super) fn sections(evidence: &EvidenceDiff, page: &mut Page) {
    if evidence.metrics.is_empty() && evidence.facts.is_empty() {
        page.line("no evidence that differs: neither metrics, nor tests, nor approvals");
    }
    page.section("metrics", metrics(&evidence.metrics));
    page.section("tests and approvals", facts(&evidence.facts));
}

fn metrics(metrics: &[MetricDiff]) -> Table {
    let mut table = Table::headless([
        Column::new("METRIC", Fit::Middle),
        Column::new("STAGE", Fit::Whole),
        Column::new("VALUE", Fit::Middle),
        Column::new("CHANGE", Fit::Whole),
    ]);
    for metric in metrics {
        let [before, after] =
            [&metric.before, &metric.after].map(|value| value.as_ref().map(ToString::to_string));
        let presence = match (&before, &after) {
            (None, _) => Presence::Added,
            (_, None) => Presence::Removed,
            _ => Presence::Changed,
        };
        let same = metric.change.is_some_and(|change| change.direction == Direction::Same);
        let value = match (before, after) {
            (Some(value), Some(other)) if value == other => value.into(),
            (before, after) => Cell::change(before, after),
        };
        let change = metric.change.map(moved).unwrap_or_default();
        let row =
            Row::new([metric.name.clone().into(), at(metric.stage.as_ref()), value, change.into()]);
        table.row(if same { row } else { row.marked(presence) });
    }
    table
}

/// `+50%`, `-12.5%`, `same`.
fn moved(change: Change) -> String {
    match (change.direction, change.percent) {
        (Direction::Same, _) => "same".to_owned(),
        (Direction::Incomparable, _) => "not comparable".to_owned(),
        (_, Some(percent)) => format!("{percent:+}%"),
        (Direction::Higher, None) => "higher".to_owned(),
        (Direction::Lower, None) => "lower".to_owned(),
    }
}

fn at(stage: Option<&StageName>) -> Cell {
    stage.map(|stage| format!("at {stage}")).unwrap_or_default().into()
}

fn facts(facts: &[FactDiff]) -> Table {
    let mut table = Table::headless([
        Column::new("FACT", Fit::Middle),
        Column::new("STAGE", Fit::Whole),
        Column::new("OUTCOME", Fit::Whole),
        Column::new("WHO", Fit::Middle),
    ]);
    for fact in facts {
        let approval = fact.kind == APPROVAL;
        let ended = |outcome: Option<Outcome>| {
            outcome.map(|outcome| match (approval, outcome) {
                (true, Outcome::Passed) => "approved".to_owned(),
                (true, Outcome::Failed) => "refused".to_owned(),
                (false, outcome) => outcome.word().to_owned(),
            })
        };
        let stage = match &fact.stage {
            Some(stage) if approval => format!("for {stage}").into(),
            stage => at(stage.as_ref()),
        };
        let who = fact.actor.as_deref().map(|actor| format!("by {actor}")).unwrap_or_default();
        let row = Row::new([
            format!("{} {}", fact.kind, fact.name).into(),
            stage,
            Cell::change(ended(fact.before), ended(fact.after)),
            who.into(),
        ]);
        table.row(row.marked(fact.change));
    }
    table
}
