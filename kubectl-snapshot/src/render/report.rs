//! Trait of all reports, and the parts of one that writers print.

use std::io::{self, Write};

use serde::Serialize;
use snapshot_core::{snapshot::API_VERSION, visible};

use super::Page;

/// Report: its serialised form is for machines, its page for people.
pub trait Report: Serialize {
    /// The `kind` under which machines know it.
    const KIND: &'static str;

    /// The `apiVersion` under which machines know it.
    fn api_version(&self) -> &str {
        API_VERSION
    }

    /// Says it to a person.
    fn page(&self, page: &mut Page);

    /// The names of what it is about, for `-o name`: those that other commands,
    /// of this tool or of kubectl, take as arguments.
    fn names(&self) -> Vec<String>;
}

/// A report as machines get it: headed by what it is, as every Kubernetes document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope<'a, R> {
    api_version: &'a str,
    kind: &'static str,
    #[serde(flatten)]
    report: &'a R,
}

impl<'a, R: Report> Envelope<'a, R> {
    /// Envelope of a report.
    pub(super) fn of(report: &'a R) -> Self {
        Self { api_version: report.api_version(), kind: R::KIND, report }
    }
}

/// Page of a report.
pub(super) fn page(report: &impl Report) -> Page {
    let mut page = Page::default();
    report.page(&mut page);
    page
}

/// Prints names, one a line.
pub(super) fn write_names(names: &[String], out: &mut dyn Write) -> io::Result<()> {
    names.iter().try_for_each(|name| writeln!(out, "{}", visible::line(name)))
}
