//! The parts of a template.

use std::{fmt, str::FromStr};

use serde_json_path::JsonPath;

use super::expression;

/// A template, ready to be filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    text: String,
    pub(super) parts: Vec<Part>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// Printed as it is.
    Text(String),
    /// Query: prints what the expression finds.
    Query(JsonPath),
    /// Range: prints its parts for each thing that the expression finds.
    Range(JsonPath, Vec<Part>),
}

/// Error: a text is not a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("jsonpath template {template}: {problem}")]
pub struct TemplateError {
    template: String,
    problem: String,
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let explain = |problem| TemplateError { template: text.to_owned(), problem };
        let mut ranges: Vec<(JsonPath, Vec<Part>)> = Vec::new();
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            push_text(&mut parts, &rest[..open]);
            let close = expression::end_of(&rest[open + 1..], '}')
                .ok_or_else(|| explain("a { is never closed".into()))?;
            let inside = rest[open + 1..open + 1 + close].trim();
            rest = &rest[open + close + 2..];
            if inside == "end" {
                let (path, before) =
                    ranges.pop().ok_or_else(|| explain("{end} has no {range} before it".into()))?;
                let body = std::mem::replace(&mut parts, before);
                parts.push(Part::Range(path, body));
            } else if let Some(path) = inside.strip_prefix("range ") {
                let path = expression::parse(path.trim()).map_err(explain)?;
                ranges.push((path, std::mem::take(&mut parts)));
            } else if inside.starts_with(['"', '\'']) {
                push_text(&mut parts, &expression::unquoted(inside).map_err(explain)?);
            } else {
                parts.push(Part::Query(expression::parse(inside).map_err(explain)?));
            }
        }
        push_text(&mut parts, rest);
        if ranges.is_empty() {
            Ok(Self { text: text.to_owned(), parts })
        } else {
            Err(explain("a {range} is never ended with {end}".into()))
        }
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    if !text.is_empty() {
        parts.push(Part::Text(text.to_owned()));
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
