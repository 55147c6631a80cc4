//! JSON, indented as kubectl indents it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use snapshot_core::visible;

use super::RenderError;

/// Writes `value`, a piece at a time.
pub(super) fn write(value: &impl Serialize, out: &mut dyn Write) -> Result<(), RenderError> {
    let formatter = Visible(PrettyFormatter::with_indent(b"    "));
    let mut serializer = Serializer::with_formatter(&mut *out, formatter);
    value.serialize(&mut serializer).map_err(RenderError::from_json)?;
    Ok(writeln!(out)?)
}

/// `value` as a text.
pub fn text(value: &impl Serialize) -> Result<String, RenderError> {
    let mut out = Vec::new();
    write(value, &mut out)?;
    String::from_utf8(out)
        .map_err(|error| RenderError::Data { format: "JSON", cause: error.to_string() })
}

/// Indents, and escapes inside strings what JSON would let through but a
/// terminal would obey. It reads back as the same value.
struct Visible<'a>(PrettyFormatter<'a>);

impl Formatter for Visible<'_> {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(visible::is_hidden) {
            let (before, hidden) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            let character = hidden.chars().next().unwrap_or_default();
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &hidden[character.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn text(value: &Value) -> String {
        super::text(value).unwrap()
    }

    #[test]
    fn it_is_indented_by_four() {
        assert_eq!(
            text(&json!({"a": [1], "b": {}})),
            "{\n    \"a\": [\n        1\n    ],\n    \"b\": {}\n}\n"
        );
    }

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_reads_back() {
        let value = json!({"\u{9b}2J": "\u{1b}[0m\u{7f}\u{202e}\u{e0041}grün\n"});
        let text = text(&value);
        assert_eq!(
            text,
            "{\n    \"\\u009b2J\": \"\\u001b[0m\\u007f\\u202e\\udb40\\udc41grün\\n\"\n}\n"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
