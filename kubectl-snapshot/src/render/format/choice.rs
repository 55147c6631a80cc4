//! The formats that a command offers, and the reader of what its user chose.

use super::{FORMATS, Form, Format, Row};
use crate::render::TemplateError;

/// The formats that a command offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatChoice {
    /// Those that every command has.
    Common,
    /// All: for reports that are worth a file.
    All,
}

/// Error: a text is not a [`Format`] of the command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownFormat {
    /// Unknown format.
    #[error("there is no output format {text:?}; allowed formats are: {allowed}")]
    NoSuch {
        /// Format as asked for.
        text: String,
        /// List of the allowed formats.
        allowed: String,
    },
    /// Format that only other commands have.
    #[error("only {only} have the output format {name}; allowed formats are: {allowed}")]
    Elsewhere {
        /// Name of the format.
        name: &'static str,
        /// List of the commands that have it.
        only: &'static str,
        /// List of the allowed formats.
        allowed: String,
    },
    /// Format that takes a template, without one.
    #[error("the output format {0} needs a template, such as -o {0}='{{.metadata.name}}'")]
    NoTemplate(&'static str),
    /// The template cannot be read.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl FormatChoice {
    fn rows(self) -> impl Iterator<Item = &'static Row> {
        FORMATS.iter().filter(move |row| self.offers(row))
    }

    fn offers(self, row: &Row) -> bool {
        self == Self::All || row.only.is_none()
    }

    /// List of the formats, for a sentence of help.
    #[must_use]
    pub fn list(self) -> String {
        self.rows().map(shown).collect::<Vec<_>>().join(", ")
    }

    /// Each format as far as it can be typed for the user, and its use.
    pub fn candidates(self) -> impl Iterator<Item = (String, &'static str)> {
        self.rows().map(|row| match row.format {
            Form::Whole(_) => (row.name.to_owned(), row.purpose),
            Form::Template(_) => (format!("{}=", row.name), row.purpose),
        })
    }

    /// List of the formats, for a message.
    fn allowed(self) -> String {
        let mut names: Vec<String> = self.rows().map(shown).collect();
        names.sort_unstable();
        names.join(", ")
    }

    /// Reads the format that a text asks for; nothing asks for a table.
    pub fn read(self, text: &str) -> Result<Format, UnknownFormat> {
        if text.is_empty() {
            return Ok(Format::default());
        }
        let (name, template) = match text.split_once('=') {
            Some((name, template)) => (name, Some(template)),
            None => (text, None),
        };
        let Some(row) = FORMATS.iter().find(|row| row.name == name) else {
            return Err(self.no_such(text));
        };
        if let (Some(only), false) = (row.only, self.offers(row)) {
            let allowed = self.allowed();
            return Err(UnknownFormat::Elsewhere { name: row.name, only, allowed });
        }
        match (&row.format, template) {
            (Form::Whole(format), None) => Ok(format.clone()),
            (Form::Whole(_), Some(_)) => Err(self.no_such(text)),
            (Form::Template(_), None | Some("")) => Err(UnknownFormat::NoTemplate(row.name)),
            (Form::Template(format), Some(template)) => Ok(format(template.parse()?)),
        }
    }

    fn no_such(self, text: &str) -> UnknownFormat {
        UnknownFormat::NoSuch { text: text.chars().take(80).collect(), allowed: self.allowed() }
    }
}

/// Name of a format, with what comes after it.
fn shown(row: &Row) -> String {
    match row.format {
        Form::Whole(_) => row.name.to_owned(),
        Form::Template(_) => format!("{}=TEMPLATE", row.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for (name, _) in FormatChoice::All.candidates() {
            let text = name.replace('=', "={.metadata.name}");
            assert_eq!(FormatChoice::All.read(&text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn every_format_but_html_is_common() {
        let common = "table, wide, json, yaml, name, jsonpath=TEMPLATE, markdown";
        assert_eq!(FormatChoice::Common.list(), common);
        assert_eq!(FormatChoice::All.list(), format!("{common}, html"));
        for (name, _) in FormatChoice::Common.candidates() {
            let text = name.replace('=', "={.kind}");
            assert_eq!(FormatChoice::Common.read(&text), FormatChoice::All.read(&text));
        }
    }

    #[test]
    fn nothing_asked_for_is_a_table() {
        assert_eq!(FormatChoice::Common.read(""), Ok(Format::Table));
        assert_eq!(Format::default(), Format::Table);
    }

    #[test]
    fn what_is_no_format_is_answered_with_what_is() {
        let refusal = |text: &str| FormatChoice::Common.read(text).unwrap_err().to_string();
        assert_eq!(
            refusal("xml"),
            "there is no output format \"xml\"; allowed formats are: json, jsonpath=TEMPLATE, markdown, name, table, wide, yaml"
        );
        assert!(refusal("json={.a}").starts_with("there is no output format \"json={.a}\""));
        assert!(refusal("=").starts_with("there is no output format"));
        for text in ["jsonpath", "jsonpath="] {
            assert_eq!(
                refusal(text),
                "the output format jsonpath needs a template, such as -o jsonpath='{.metadata.name}'"
            );
        }
        assert!(refusal("jsonpath={.a").contains("{.a"));
        assert_eq!(
            refusal("html"),
            "only diff, check, describe, history, status and bisect have the output format html; allowed formats are: json, jsonpath=TEMPLATE, markdown, name, table, wide, yaml"
        );
        let of_all = FormatChoice::All.read("htm").unwrap_err().to_string();
        assert!(of_all.contains("allowed formats are: html, json, "), "{of_all}");
    }
}
