//! Canonical JSON (RFC 8785): one text, so one digest, for one value.

use std::io::{self, Write};

use serde::Serialize;

/// The canonical text of `value`.
///
/// # Panics
/// Never for the types of this crate: their map keys are strings and they hold
/// no number that JSON cannot express.
#[must_use]
pub fn text<T: Serialize>(value: &T) -> String {
    serde_json_canonicalizer::to_string(value)
        .expect("domain types have string keys and finite numbers")
}

/// Writes `{…}` with members in canonical order, each already canonical text.
///
/// The library canonicalises one value at a time, in memory; this lets tens of
/// thousands of them pass through to a digest or a file without a copy of all.
pub fn write_object<'a, W, I, F>(out: &mut W, members: I, mut write_value: F) -> io::Result<()>
where
    W: Write,
    I: IntoIterator<Item = &'a str>,
    F: FnMut(&mut W, &'a str) -> io::Result<()>,
{
    let mut keys: Vec<&str> = members.into_iter().collect();
    keys.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
    out.write_all(b"{")?;
    for (position, key) in keys.into_iter().enumerate() {
        if position > 0 {
            out.write_all(b",")?;
        }
        out.write_all(text(&key).as_bytes())?;
        out.write_all(b":")?;
        write_value(out, key)?;
    }
    out.write_all(b"}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_by_utf16_and_numbers_are_shortest() {
        let value = json!({"b": 1.0, "a": [1e2, "é"], "\u{1F600}": 1, "\u{FB33}": 2});
        assert_eq!(text(&value), "{\"a\":[100,\"é\"],\"b\":1,\"\u{1F600}\":1,\"\u{FB33}\":2}");
    }

    #[test]
    fn streamed_object_equals_the_library() {
        let value = json!({"b": 1, "a": {"x": "y"}, "\u{1F600}": 1, "\u{FB33}": 2, "quote\"": 3});
        let mut out = Vec::new();
        write_object(
            &mut out,
            value.as_object().unwrap().keys().map(String::as_str),
            |out, key| out.write_all(text(&value[key]).as_bytes()),
        )
        .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), text(&value));
    }
}
