//! Output formats of `-o`: the table of them, and the one way to print a report in each.
//!
//! A new format is a variant, a row and an arm, all in this file, and its writer. Help,
//! completion and messages take their words from the table.

mod choice;

use std::{fmt, io::Write};

pub use choice::FormatChoice;

use super::{
    RenderError, Report, Style, Template, html, json, markdown,
    report::{Envelope, page, write_names},
    terminal, yaml,
};

/// An output format.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Format {
    /// Aligned columns for people.
    #[default]
    Table,
    /// Table with more columns.
    Wide,
    /// JSON, indented.
    Json,
    /// YAML.
    Yaml,
    /// Names, one a line.
    Name,
    /// Output of a `JSONPath` template.
    JsonPath(Template),
    /// For a merge request's comment.
    Markdown,
    /// A file to show to anyone. Only for reports that are worth one.
    Html,
}

/// A row of the table of formats.
struct Row {
    /// Name on the command line.
    name: &'static str,
    /// Use of the format, for those who choose one.
    purpose: &'static str,
    /// Format of that name.
    format: Form,
    /// The commands that alone have it, where not all do.
    only: Option<&'static str>,
}

/// Format that a name stands for.
enum Form {
    /// All of it.
    Whole(Format),
    /// Format of a template, which the user writes after the name.
    Template(fn(Template) -> Format),
}

/// Every format, in the order in which help lists them.
static FORMATS: [Row; 8] = [
    Row {
        name: "table",
        purpose: "aligned columns, for people",
        format: Form::Whole(Format::Table),
        only: None,
    },
    Row {
        name: "wide",
        purpose: "a table with more columns",
        format: Form::Whole(Format::Wide),
        only: None,
    },
    Row {
        name: "json",
        purpose: "the data, for programs",
        format: Form::Whole(Format::Json),
        only: None,
    },
    Row {
        name: "yaml",
        purpose: "the data, for programs and readers",
        format: Form::Whole(Format::Yaml),
        only: None,
    },
    Row {
        name: "name",
        purpose: "names alone, one a line",
        format: Form::Whole(Format::Name),
        only: None,
    },
    Row {
        name: "jsonpath",
        purpose: "some of the data, by a template",
        format: Form::Template(Format::JsonPath),
        only: None,
    },
    Row {
        name: "markdown",
        purpose: "the comment of a merge request",
        format: Form::Whole(Format::Markdown),
        only: None,
    },
    Row {
        name: "html",
        purpose: "a file to show to anyone",
        format: Form::Whole(Format::Html),
        only: Some("diff, check, describe, history, status and bisect"),
    },
];

/// Prints `report` to `out`.
pub fn render<R: Report>(
    report: &R,
    format: &Format,
    style: Style,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    match format {
        Format::Table => terminal::write(&page(report), style, false, out)?,
        Format::Wide => terminal::write(&page(report), style, true, out)?,
        Format::Markdown => markdown::write(&page(report), out)?,
        Format::Html => html::write(&page(report), out)?,
        Format::Name => write_names(&report.names(), out)?,
        Format::Json => json::write(&Envelope::of(report), out)?,
        Format::Yaml => yaml::write(&Envelope::of(report), out)?,
        Format::JsonPath(template) => {
            let value =
                serde_json::to_value(Envelope::of(report)).map_err(RenderError::from_json)?;
            template.write(&value, style.terminal, out)?;
        }
    }
    Ok(())
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::JsonPath(template) = self {
            return write!(f, "jsonpath={template}");
        }
        let is_named = |row: &&Row| matches!(&row.format, Form::Whole(format) if format == self);
        FORMATS.iter().find(is_named).map_or(Ok(()), |row| f.write_str(row.name))
    }
}
