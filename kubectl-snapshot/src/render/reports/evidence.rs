//! Evidence list of a snapshot.

use serde::{Serialize, Serializer};
use snapshot_core::{
    diff::Side,
    evidence::{Evidence, Measure, Outcome},
    name::StageName,
};

use crate::render::{Cell, Column, Page, Report, Row, Table, Tone, page::Fit, reports::sides};

/// The facts about a snapshot, in the order in which they are to be shown.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceList {
    /// Snapshot that the facts are about.
    pub snapshot: Side,
    /// The facts.
    pub items: Vec<EvidenceRow>,
}

/// A fact, with its time in words.
#[derive(Clone, Debug)]
pub struct EvidenceRow {
    /// The fact.
    pub fact: Evidence,
    /// Time of the record, RFC 3339 in UTC.
    pub at: String,
    /// Age, as kubectl writes it. Machines get `at`.
    pub age: String,
}

impl Report for EvidenceList {
    const KIND: &'static str = "EvidenceList";

    fn page(&self, page: &mut Page) {
        page.title(sides::one(&self.snapshot));
        if self.items.is_empty() {
            page.line("No evidence found.");
            return;
        }
        let mut table = Table::new([
            Column::new("KIND", Fit::Whole),
            Column::new("NAME", Fit::Middle),
            Column::new("OUTCOME", Fit::Whole),
            Column::new("VALUE", Fit::Whole),
            Column::new("STAGE", Fit::Whole),
            Column::new("WHO", Fit::Middle),
            Column::new("AGE", Fit::Whole),
            Column::new("TIME", Fit::Whole).wide(),
            Column::new("LINK", Fit::Middle).wide(),
            Column::new("DETAIL", Fit::End).droppable(),
        ]);
        for item in &self.items {
            table.row(item.row());
        }
        page.table(table);
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|item| format!("{}/{}", item.fact.kind, item.fact.name)).collect()
    }
}

impl EvidenceRow {
    fn row(&self) -> Row {
        let fact = &self.fact;
        let text = |text: Option<String>| Cell::or_none(text.as_deref());
        Row::new([
            fact.kind.clone().into(),
            fact.name.clone().into(),
            Cell::toned(tone(fact.outcome), fact.ended()),
            text(fact.value.as_ref().map(ToString::to_string)),
            text(fact.stage.as_ref().map(ToString::to_string)),
            fact.actor.clone().into(),
            self.age.clone().into(),
            self.at.clone().into(),
            text(fact.link.clone()),
            fact.detail.clone().unwrap_or_default().into(),
        ])
    }
}

/// Tone of an outcome.
pub(super) fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Passed => Tone::Good,
        Outcome::Failed => Tone::Bad,
    }
}

/// List item: the time as documents write it, and the number apart from its unit.
impl Serialize for EvidenceRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Item<'a> {
            kind: &'a str,
            name: &'a str,
            outcome: Outcome,
            #[serde(skip_serializing_if = "Option::is_none")]
            value: Option<&'a Measure>,
            #[serde(skip_serializing_if = "Option::is_none")]
            number: Option<f64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            unit: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            stage: Option<&'a StageName>,
            actor: &'a str,
            at: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            detail: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            link: Option<&'a str>,
        }
        let fact = &self.fact;
        Item {
            kind: &fact.kind,
            name: &fact.name,
            outcome: fact.outcome,
            value: fact.value.as_ref(),
            number: fact.value.as_ref().map(Measure::number),
            unit: fact.value.as_ref().map(Measure::unit).filter(|unit| !unit.is_empty()),
            stage: fact.stage.as_ref(),
            actor: &fact.actor,
            at: &self.at,
            detail: fact.detail.as_deref(),
            link: fact.link.as_deref(),
        }
        .serialize(serializer)
    }
}
