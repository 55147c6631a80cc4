//! Output formats of `-o`.

use std::{fmt, str::FromStr};

use super::{Template, TemplateError};

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
    /// A file to show to anyone. Only for reports that are worth one: see [`Format::or_html`].
    Html,
}

const ALLOWED: &str = "json, jsonpath=TEMPLATE, markdown, name, table, wide, yaml";
const ALLOWED_WITH_HTML: &str = "html, json, jsonpath=TEMPLATE, markdown, name, table, wide, yaml";

/// Error: a text is not a [`Format`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownFormat {
    /// Unknown format.
    #[error("there is no output format {text:?}; allowed formats are: {allowed}")]
    NoSuch {
        /// Format as asked for.
        text: String,
        /// List of the allowed formats.
        allowed: &'static str,
    },
    /// HTML, of a command that has nothing to show in it.
    #[error(
        "only diff, check, describe and history have the output format html; allowed formats are: {ALLOWED}"
    )]
    NoHtml,
    /// `jsonpath` without a template.
    #[error(
        "the output format jsonpath needs a template, such as -o jsonpath='{{.metadata.name}}'"
    )]
    NoTemplate,
    /// The template cannot be read.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl Format {
    /// Reads a format for a command that also has HTML.
    pub fn or_html(text: &str) -> Result<Self, UnknownFormat> {
        if text == "html" {
            return Ok(Self::Html);
        }
        text.parse().map_err(|error| match error {
            UnknownFormat::NoSuch { text, .. } => {
                UnknownFormat::NoSuch { text, allowed: ALLOWED_WITH_HTML }
            }
            other => other,
        })
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        match text {
            "" | "table" => Ok(Self::Table),
            "wide" => Ok(Self::Wide),
            "json" => Ok(Self::Json),
            "yaml" => Ok(Self::Yaml),
            "name" => Ok(Self::Name),
            "markdown" => Ok(Self::Markdown),
            "html" => Err(UnknownFormat::NoHtml),
            "jsonpath" | "jsonpath=" => Err(UnknownFormat::NoTemplate),
            _ => {
                if let Some(template) = text.strip_prefix("jsonpath=") {
                    return Ok(Self::JsonPath(template.parse()?));
                }
                let text = text.chars().take(80).collect();
                Err(UnknownFormat::NoSuch { text, allowed: ALLOWED })
            }
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table => f.write_str("table"),
            Self::Wide => f.write_str("wide"),
            Self::Json => f.write_str("json"),
            Self::Yaml => f.write_str("yaml"),
            Self::Name => f.write_str("name"),
            Self::JsonPath(template) => write!(f, "jsonpath={template}"),
            Self::Markdown => f.write_str("markdown"),
            Self::Html => f.write_str("html"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for text in
            ["table", "wide", "json", "yaml", "name", "markdown", "jsonpath={.metadata.name}"]
        {
            assert_eq!(text.parse::<Format>().unwrap().to_string(), text);
            assert_eq!(Format::or_html(text), text.parse());
        }
        assert_eq!(Format::or_html("html").unwrap().to_string(), "html");
    }

    #[test]
    fn nothing_asked_for_is_a_table() {
        assert_eq!("".parse(), Ok(Format::Table));
        assert_eq!(Format::default(), Format::Table);
    }

    #[test]
    fn what_is_no_format_is_answered_with_what_is() {
        let refusal = |text: &str| text.parse::<Format>().unwrap_err().to_string();
        assert_eq!(
            refusal("xml"),
            "there is no output format \"xml\"; allowed formats are: json, jsonpath=TEMPLATE, markdown, name, table, wide, yaml"
        );
        assert_eq!(
            refusal("jsonpath"),
            "the output format jsonpath needs a template, such as -o jsonpath='{.metadata.name}'"
        );
        assert!(refusal("jsonpath={.a").contains("{.a"));
        assert!(refusal("html").starts_with("only diff, check, describe and history have"));
        let with_html = Format::or_html("htm").unwrap_err().to_string();
        assert!(with_html.contains("allowed formats are: html, json, "), "{with_html}");
    }
}
