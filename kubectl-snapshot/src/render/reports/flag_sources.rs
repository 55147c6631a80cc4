//! The flag systems that are asked over the network.

use serde::Serialize;
use snapshot_core::flag_source::FlagSource;

use crate::render::{Cell, Column, Page, Report, Table, Tone, page::Fit};

/// The flag sources, by name.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FlagSourceList {
    items: Vec<FlagSourceRow>,
}

/// A flag source, and whether it answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlagSourceRow {
    /// The source.
    #[serde(flatten)]
    source: FlagSource,
    /// Number of flags that it serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<usize>,
    /// Environment of the flag system that it answers for.
    #[serde(skip_serializing_if = "Option::is_none")]
    answers_for: Option<String>,
    /// The reason why it does not answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

impl FlagSourceRow {
    /// A source that answers, with so many flags of an environment.
    #[must_use]
    pub fn answering(source: FlagSource, flags: usize, environment: Option<String>) -> Self {
        Self { source, flags: Some(flags), answers_for: environment, fault: None }
    }

    /// A source that does not answer, and why.
    #[must_use]
    pub fn silent(source: FlagSource, fault: String) -> Self {
        Self { source, flags: None, answers_for: None, fault: Some(fault) }
    }
}

impl FlagSourceList {
    /// The sources, in the order in which they are to be shown.
    #[must_use]
    pub fn new(items: Vec<FlagSourceRow>) -> Self {
        Self { items }
    }
}

impl Report for FlagSourceList {
    const KIND: &'static str = "FlagSourceList";

    fn page(&self, page: &mut Page) {
        let mut table = Table::new([
            Column::new("SOURCE", Fit::Whole),
            Column::new("TYPE", Fit::Whole),
            Column::new("URL", Fit::Middle),
            Column::new("ENVIRONMENT", Fit::Middle),
            Column::new("AT", Fit::End),
            Column::new("FLAGS", Fit::Whole),
        ]);
        for row in &self.items {
            let source = &row.source;
            let at: Vec<String> = source.at.iter().map(ToString::to_string).collect();
            let environment = row.answers_for.as_ref().or(source.environment.as_ref());
            let flags = row.flags.map_or_else(
                || Cell::toned(Tone::Bad, "no answer"),
                |flags| flags.to_string().into(),
            );
            table.row([
                source.name.to_string().into(),
                source.system.word().to_owned().into(),
                source.url.to_string().into(),
                Cell::or_none(environment.map(String::as_str)),
                at.join(", ").into(),
                flags,
            ]);
        }
        page.table(table);
        for row in &self.items {
            if let Some(fault) = &row.fault {
                page.line(fault.clone());
            }
        }
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|row| row.source.name.to_string()).collect()
    }
}
