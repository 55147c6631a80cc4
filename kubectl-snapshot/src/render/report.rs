//! Trait of all reports, and the one way to print them.

use std::io::{self, Write};

use serde::Serialize;
use snapshot_core::{snapshot::API_VERSION, visible};

use super::{Format, Page, RenderError, Style, html, json, markdown, terminal, yaml};

/// Report: its serialised form is for machines, its page for people.
pub trait Report: Serialize {
    /// The `kind` under which machines know it.
    const KIND: &'static str;

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
    api_version: &'static str,
    kind: &'static str,
    #[serde(flatten)]
    report: &'a R,
}

/// Prints `report` to `out`.
pub fn render<R: Report>(
    report: &R,
    format: &Format,
    style: Style,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    let envelope = Envelope { api_version: API_VERSION, kind: R::KIND, report };
    match format {
        Format::Table => terminal::write(&page(report), style, false, out)?,
        Format::Wide => terminal::write(&page(report), style, true, out)?,
        Format::Markdown => markdown::write(&page(report), out)?,
        Format::Html => html::write(&page(report), out)?,
        Format::Name => write_names(&report.names(), out)?,
        Format::Json => json::write(&envelope, out)?,
        Format::Yaml => yaml::write(&envelope, out)?,
        Format::JsonPath(template) => {
            let value = serde_json::to_value(&envelope).map_err(RenderError::from_json)?;
            template.write(&value, style.terminal, out)?;
        }
    }
    Ok(())
}

fn page(report: &impl Report) -> Page {
    let mut page = Page::default();
    report.page(&mut page);
    page
}

fn write_names(names: &[String], out: &mut dyn Write) -> io::Result<()> {
    names.iter().try_for_each(|name| writeln!(out, "{}", visible::line(name)))
}
