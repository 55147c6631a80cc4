//! Report of the promotions of a stage, by whom, and why.

use serde::Serialize;
use snapshot_core::{
    record::{Attempt, Chain, Completion, Decided, Fault, Link, Operation, Ruling},
    verdict::{PolicyReport, Verdict, verdict},
};

use super::{check, counted, counted::listed};
use crate::render::{
    Cell, Column, Detail, Line, Overview, Page, Report, Row, Table, Tone, page::Fit,
};

/// The records of stages, the newest first.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryReport {
    items: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<StageFault>,
    /// Objects that are no part of a chain, and do it no harm.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    passed_over: Vec<StageFault>,
    #[serde(skip)]
    rows: Vec<HistoryRow>,
    /// Number of records of each stage, where all were to be verified.
    #[serde(skip)]
    verified: Option<Vec<(String, usize)>>,
}

#[derive(Clone, Debug, Serialize)]
struct StageFault {
    stage: String,
    #[serde(flatten)]
    fault: Fault,
    message: String,
}

#[derive(Clone, Debug)]
struct HistoryRow {
    record: String,
    at: String,
    age: String,
    who: String,
    what: (&'static str, Tone),
    snapshot: String,
    details: Vec<Detail>,
}

impl HistoryReport {
    /// The history of stages. `age` tells how long ago a time was.
    #[must_use]
    pub fn new(chains: &[Chain], age: impl Fn(&str) -> String) -> Self {
        let attempts = |chain: &Chain| -> Vec<HistoryRow> {
            chain.attempts().iter().rev().map(|attempt| row(attempt, &age)).collect()
        };
        let of = |chain: &Chain, faults: &[Fault]| -> Vec<StageFault> {
            let stage = chain.stage.to_string();
            let fault = |fault: &Fault| StageFault {
                stage: stage.clone(),
                message: fault.to_string(),
                fault: fault.clone(),
            };
            faults.iter().map(fault).collect()
        };
        Self {
            items: chains.iter().flat_map(|chain| chain.links.iter().rev().cloned()).collect(),
            faults: chains.iter().flat_map(|chain| of(chain, &chain.faults)).collect(),
            passed_over: chains.iter().flat_map(|chain| of(chain, &chain.passed_over)).collect(),
            rows: chains.iter().flat_map(attempts).collect(),
            verified: None,
        }
    }

    /// Marks the report as the result of verifying the chains.
    #[must_use]
    pub fn verified(mut self, chains: &[Chain]) -> Self {
        let count = |chain: &Chain| (chain.stage.to_string(), chain.links.len());
        self.verified = Some(chains.iter().map(count).collect());
        self
    }

    /// Summary: number of promotions by how they ended.
    fn overview(&self) -> Overview {
        let mut stages: Vec<_> = self.items.iter().map(|link| &link.record.stage).collect();
        stages.dedup();
        let place = match stages.as_slice() {
            [] => "the stages".to_owned(),
            [one] => one.to_string(),
            stages => counted(stages.len(), "stage", "stages"),
        };
        let overview = Overview::new(match self.verified {
            None => format!("What was let into {place}"),
            Some(_) => format!("Can the records of {place} be trusted?"),
        })
        .says(
            "A stage is a place where services run, such as tests or production. Each attempt to \
             bring a snapshot there is recorded with who made it and what the rules said.",
        );
        let overview = match (&self.verified, self.faults.is_empty()) {
            (None, true) => overview,
            (Some(_), true) => overview.says("Yes: no record is missing, changed or out of place."),
            _ => overview.says("Records are missing, changed or out of place: see below."),
        };
        let mut endings: Vec<((&'static str, Tone), usize)> = Vec::new();
        for row in &self.rows {
            match endings.iter_mut().find(|(what, _)| *what == row.what) {
                Some((_, count)) => *count += 1,
                None => endings.push((row.what, 1)),
            }
        }
        endings.into_iter().fold(overview, |overview, ((word, tone), count)| {
            overview.counts(tone, count, word, word)
        })
    }

    fn verdict(&self, stages: &[(String, usize)]) -> Line {
        let counts: Vec<String> = stages
            .iter()
            .map(|(stage, records)| {
                let records = listed([(*records, "record", "records")]).join("");
                format!("{stage}: {}", if records.is_empty() { "no records" } else { &records })
            })
            .collect();
        let counts = if counts.is_empty() { "no records".to_owned() } else { counts.join("; ") };
        let (word, tone) = if self.faults.is_empty() {
            ("VALID CHAIN", Tone::Good)
        } else {
            ("INVALID CHAIN", Tone::Bad)
        };
        Line::default().with(tone, word).plain(format!("  {counts}"))
    }

    fn faults(&self) -> Table {
        told(&self.faults, Tone::Bad)
    }

    fn passed_over(&self) -> Table {
        told(&self.passed_over, Tone::Muted)
    }
}

impl Report for HistoryReport {
    const KIND: &'static str = "History";

    fn page(&self, page: &mut Page) {
        page.overview(self.overview());
        if let Some(stages) = &self.verified {
            page.title(self.verdict(stages));
            page.section("faults", self.faults());
            page.section("no part of the chain", self.passed_over());
            if let Some(link) = self.items.first().filter(|_| stages.len() == 1) {
                page.line(format!(
                    "The last record is {}/{} with the digest {}.",
                    link.record.stage, link.record.number, link.digest
                ));
            }
            return;
        }
        let mut table = Table::new([
            Column::new("RECORD", Fit::Whole),
            Column::new("TIME", Fit::Whole).wide(),
            Column::new("AGE", Fit::Whole).volatile(),
            Column::new("WHO", Fit::Middle),
            Column::new("STATUS", Fit::Whole),
            Column::new("SNAPSHOT", Fit::Middle),
        ])
        .meaning("The latest first. WHO is whom the platform knows them as, not what they call themselves.");
        for row in &self.rows {
            let cells = [
                row.record.clone().into(),
                row.at.clone().into(),
                row.age.clone().into(),
                row.who.clone().into(),
                Cell::toned(row.what.1, row.what.0),
                row.snapshot.clone().into(),
            ];
            let shown = row.details.iter().cloned();
            table.extend([shown.fold(Row::new(cells), |row, detail| row.with(Some(detail)))]);
        }
        page.table(table);
        page.section("invalid chain", self.faults());
    }

    fn names(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.record.clone()).collect()
    }
}

/// Faults, a row each.
fn told(faults: &[StageFault], tone: Tone) -> Table {
    let mut table =
        Table::headless([Column::new("STAGE", Fit::Whole), Column::new("FAULT", Fit::Wrap)]);
    for fault in faults {
        table.row([fault.stage.clone().into(), Cell::toned(tone, fault.message.clone())]);
    }
    table
}

/// One decision, whole.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordReport {
    /// The record of the decision.
    decision: Link,
    /// The record of its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Link>,
    #[serde(skip)]
    row: HistoryRow,
    #[serde(skip)]
    policies: Vec<PolicyReport>,
}

impl RecordReport {
    /// A decision and its end.
    #[must_use]
    pub fn new(attempt: &Attempt<'_>, age: impl Fn(&str) -> String) -> Self {
        Self {
            decision: attempt.link.clone(),
            end: attempt.ended.map(|(link, _)| link.clone()),
            row: row(attempt, &age),
            policies: attempt.decided.policies.clone(),
        }
    }
}

impl Report for RecordReport {
    const KIND: &'static str = "RecordReport";

    fn page(&self, page: &mut Page) {
        let HistoryRow { record, at, age, who, what, snapshot, details } = &self.row;
        page.overview(
            Overview::new(format!("Decision {record}: {}", what.0))
                .says(format!("{who} asked for it at {at}.")),
        );
        page.title(
            Line::default()
                .with(Tone::Strong, record.clone())
                .plain("  ")
                .with(what.1, what.0)
                .plain(format!("  {snapshot}, by {who}, {age} ago")),
        );
        for detail in details {
            if let Detail::Note(line) = detail {
                page.line(line.clone());
            }
        }
        page.line(format!("digest {}", self.decision.digest));
        page.table(check::policies(&self.policies));
    }

    fn names(&self) -> Vec<String> {
        vec![self.row.record.clone()]
    }
}

fn row(attempt: &Attempt<'_>, age: &impl Fn(&str) -> String) -> HistoryRow {
    let (record, decided) = (&attempt.link.record, attempt.decided);
    let name = decided.snapshot.name.clone().unwrap_or_default();
    let quiet = |label: &str, text: String| {
        Detail::Note(Line::default().with(Tone::Muted, format!("{label}: ")).plain(text))
    };
    let mut details = Vec::new();
    if let Some(reason) = &decided.reason {
        details.push(quiet("reason", reason.clone()));
    }
    if decided.awaited {
        details.push(quiet("way", "awaited: the stage's own deployer brings it".to_owned()));
    }
    if !decided.parts.is_empty() {
        let parts: Vec<String> =
            decided.parts.iter().map(|(part, at)| format!("{part}={at}")).collect();
        details.push(quiet("parts", parts.join(", ")));
    }
    if !decided.changes.is_empty() {
        details.push(quiet("changes", changes(decided)));
    }
    details.extend(spoke(&decided.policies).map(|said| quiet("policies", said)));
    if let Some((_, ended)) = attempt.ended {
        details.extend(ended.details.iter().map(|what| quiet("problem", what.clone())));
    }
    HistoryRow {
        record: format!("{}/{}", record.stage, record.number),
        at: record.at.clone(),
        age: age(&record.at),
        who: record.actor.name.clone(),
        what: what(attempt),
        snapshot: format!("{name} ({})", decided.snapshot.digest.short()),
        details,
    }
}

/// The first changes, and how many more there are.
fn changes(decided: &Decided) -> String {
    const SHOWN: usize = 4;
    let shown = decided.changes.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match decided.changes.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The policies that had something against it, and what.
fn spoke(reports: &[PolicyReport]) -> Option<String> {
    let said: Vec<String> = reports
        .iter()
        .filter_map(|report| {
            let word = match verdict(std::slice::from_ref(report)) {
                Verdict::Allow => return None,
                Verdict::Warn => "warns",
                Verdict::Undecided => "undecided",
                Verdict::Deny => "denies",
            };
            Some(format!("{} {word}", report.policy))
        })
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn what(attempt: &Attempt<'_>) -> (&'static str, Tone) {
    let decided = attempt.decided;
    let back = decided.operation == Operation::Rollback;
    if decided.decision == Ruling::Refused {
        return match decided.verdict {
            Verdict::Undecided => ("undecided", Tone::Unknown),
            _ => ("denied", Tone::Bad),
        };
    }
    let overridden = decided.decision == Ruling::Overridden;
    match attempt.ended.map(|(_, ended)| ended.result) {
        None => ("not ended", Tone::Unknown),
        Some(Completion::Succeeded) if back && overridden => {
            ("rolled back, overridden", Tone::Caution)
        }
        Some(Completion::Succeeded) if back => ("rolled back", Tone::Caution),
        Some(Completion::Succeeded) if overridden => ("promoted, overridden", Tone::Caution),
        Some(Completion::Succeeded) => ("promoted", Tone::Good),
        Some(failed) => (failed.in_words(), Tone::Bad),
    }
}
