//! Report of the stages' status.

use serde::Serialize;
use snapshot_core::{
    owner::Writer,
    status::{StageState, StageStatus},
};

use super::value::shown_pair;
use crate::render::{Cell, Column, Line, Page, Report, Table, Tone, page::Fit};

/// Status of stages, each after those before it.
#[derive(Clone, Debug, Serialize)]
pub struct StatusReport {
    items: Vec<StageStatus>,
}

impl StatusReport {
    /// A report of stages, in the order in which they are to be shown.
    #[must_use]
    pub fn new(items: Vec<StageStatus>) -> Self {
        Self { items }
    }

    /// True if there is no stage.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// True if every stage runs what was promoted, and none is behind.
    #[must_use]
    pub fn is_in_step(&self) -> bool {
        self.items.iter().all(|one| one.state == StageState::InStep)
    }

    /// True if what runs at every stage is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.items.iter().all(|one| one.state != StageState::Unknown)
    }
}

impl Report for StatusReport {
    const KIND: &'static str = "StatusReport";

    fn page(&self, page: &mut Page) {
        let mut table = Table::new([
            Column::new("STAGE", Fit::Whole),
            Column::new("STATE", Fit::Whole),
            Column::new("PROMOTED", Fit::Middle),
            Column::new("SINCE", Fit::Whole),
            Column::new("BEHIND", Fit::Middle),
        ]);
        for one in &self.items {
            let (tone, word) = match one.state {
                StageState::InStep => (Tone::Good, "in step"),
                StageState::Behind => (Tone::Caution, "behind"),
                StageState::Unpromoted => (Tone::Caution, "nothing promoted"),
                StageState::Drifted => (Tone::Bad, "DRIFTED"),
                StageState::Unknown => (Tone::Bad, "UNKNOWN"),
            };
            let called = |snapshot: &snapshot_core::record::SnapshotRef| {
                snapshot.name.clone().unwrap_or_else(|| snapshot.digest.short())
            };
            let behind: Vec<String> = one
                .behind
                .iter()
                .map(|one| format!("{} runs {}", one.stage, called(&one.snapshot)))
                .collect();
            table.row([
                one.stage.clone().into(),
                Cell::toned(tone, word),
                Cell::or_none(one.snapshot.as_ref().map(called).as_deref()),
                Cell::or_none(one.since.as_deref()),
                Cell::or_none((!behind.is_empty()).then(|| behind.join(", ")).as_deref()),
            ]);
        }
        page.table(table);
        page.section("drift", drift(&self.items));
        let mut notes = Table::headless([Column::new("NOTE", Fit::Wrap)]);
        for one in &self.items {
            notes.extend(
                one.notes.iter().map(|note| [Cell::from(format!("{}: {note}", one.stage))]),
            );
        }
        page.section("notes", notes);
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|one| one.stage.clone()).collect()
    }
}

fn drift(stages: &[StageStatus]) -> Table {
    let mut table = Table::new([
        Column::new("FIELD", Fit::Middle),
        Column::new("PROMOTED", Fit::Middle),
        Column::new("RUNS", Fit::Middle),
        Column::new("BY", Fit::Middle),
    ])
    .grouped_by("OBJECT");
    let mut last = None;
    for (stage, one) in stages.iter().flat_map(|one| one.drift.iter().map(move |it| (one, it))) {
        let part = one.part.as_ref().map(|part| format!(", part {part}")).unwrap_or_default();
        let object = format!("{}{part}: {}", stage.stage, one.object);
        if last.as_ref() != Some(&object) {
            let title = Line::default().with(Tone::Strong, object.clone());
            table.group(None, if one.missing { title.plain(" is missing") } else { title });
            last = Some(object);
        }
        if one.missing {
            continue;
        }
        let (promoted, runs) = shown_pair(one.promoted.as_ref(), one.runs.as_ref());
        table.row([
            Cell::or_none(one.field.as_deref()),
            Cell::or_none(promoted.as_deref()),
            Cell::or_none(runs.as_deref()),
            Cell::or_none(one.by.as_ref().map(by).as_deref()),
        ]);
    }
    table
}

/// `kubectl-edit at 2026-11-30T05:00:00Z`.
fn by(writer: &Writer) -> String {
    match &writer.at {
        Some(at) => format!("{} at {at}", writer.manager),
        None => writer.manager.clone(),
    }
}
