//! What `-o` may ask for.

use std::{fmt, str::FromStr};

use super::{Template, TemplateError};

/// An output format.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Format {
    /// Aligned columns for people.
    #[default]
    Table,
    /// The same, with more columns.
    Wide,
    /// JSON, indented.
    Json,
    /// YAML.
    Yaml,
    /// Names, one a line.
    Name,
    /// What a template picks.
    JsonPath(Template),
    /// For a merge request's comment.
    Markdown,
}

/// Why a text is not a [`Format`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownFormat {
    /// There is no such format.
    #[error(
        "there is no output format {0:?}; allowed formats are: json, jsonpath=TEMPLATE, markdown, name, table, wide, yaml"
    )]
    NoSuch(String),
    /// `jsonpath` without a template.
    #[error(
        "the output format jsonpath needs a template, such as -o jsonpath='{{.metadata.name}}'"
    )]
    NoTemplate,
    /// The template cannot be read.
    #[error(transparent)]
    Template(#[from] TemplateError),
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
            "jsonpath" | "jsonpath=" => Err(UnknownFormat::NoTemplate),
            _ => match text.strip_prefix("jsonpath=") {
                Some(template) => Ok(Self::JsonPath(template.parse()?)),
                None => Err(UnknownFormat::NoSuch(text.chars().take(80).collect())),
            },
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
        }
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
    }
}
