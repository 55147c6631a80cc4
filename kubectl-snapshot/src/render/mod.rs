//! A report → table, JSON, YAML, names, `JSONPath`, markdown or HTML.
//!
//! A report says what it has to say once, as a [`Page`]; a writer prints pages
//! for one medium (a terminal, a merge request's comment, a file to show). Machines get the
//! report's own data instead. So a format costs one arm in [`render`] and its writer,
//! and touches no report.

mod error;
mod format;
mod html;
mod json;
mod jsonpath;
mod junit;
mod markdown;
mod page;
mod report;
mod reports;
mod shorten;
mod style;
mod terminal;
mod yaml;

pub use error::RenderError;
pub use format::{Format, FormatChoice, render};
pub use json::text as json_text;
pub use jsonpath::{Template, TemplateError};
pub use junit::junit;
pub use page::{Cell, Column, Detail, Hunk, HunkLine, Line, Overview, Page, Row, Table, Tone};
pub use report::Report;
pub use reports::*;
pub use style::Style;
pub use yaml::text as yaml_text;

#[cfg(test)]
mod tests;
