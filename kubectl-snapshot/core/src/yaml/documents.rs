//! Documents of a text in YAML, one after the other.

use std::{iter, vec};

use serde_json::Value;

use super::{Reader, Yaml, bare::is_marker, explain, options};

/// Documents of a text as one reader takes them, without empty ones; nothing follows one that
/// cannot be read.
///
/// A line of dashes ends a document wherever it stands, so that each is read by itself: from text
/// at hand, and as JSON where it is JSON, both of which are faster than a stream of YAML. Where one
/// cannot be read by itself, the stream is what counts, and what the error is of.
///
/// An item is an error where a document is no YAML, or holds what JSON cannot express.
pub fn documents(text: &str, reader: Reader) -> impl Iterator<Item = Result<Value, String>> {
    let (mut pieces, mut given) = (Pieces(text), 0);
    let mut rest: Option<vec::IntoIter<Result<Value, String>>> = None;
    iter::from_fn(move || {
        loop {
            if let Some(rest) = &mut rest {
                return rest.next();
            }
            match read_piece(pieces.next()?, reader) {
                Some(Value::Null) => {}
                Some(value) => {
                    given += 1;
                    return Some(Ok(value));
                }
                None => rest = Some(stream(text, reader).split_off(given).into_iter()),
            }
        }
    })
}

/// The first document of a text as a reader takes it; null where there is none.
///
/// # Errors
/// It is no YAML, or holds what JSON cannot express.
pub fn first_document(text: &str, reader: Reader) -> Result<Value, String> {
    documents(text, reader).next().unwrap_or(Ok(Value::Null))
}

/// Documents of a whole text, up to the first that cannot be read.
fn stream(text: &str, reader: Reader) -> Vec<Result<Value, String>> {
    let mut read = Vec::new();
    let mut bytes = text.as_bytes();
    for document in serde_saphyr::read_with_options::<_, Yaml>(&mut bytes, options(reader)) {
        match document {
            Ok(Yaml(Value::Null)) => {}
            Ok(Yaml(value)) => read.push(Ok(value)),
            Err(error) => {
                read.push(Err(explain(&error)));
                break;
            }
        }
    }
    read
}

/// The document of a piece; none where it cannot be read by itself.
fn read_piece(piece: &str, reader: Reader) -> Option<Value> {
    let content = piece.strip_prefix("---").unwrap_or(piece).trim_start();
    if content.starts_with('{')
        && let Ok(Yaml(value)) = serde_json::from_str(content)
    {
        return Some(value);
    }
    serde_saphyr::from_str_with_options(piece, options(reader)).ok().map(|Yaml(value)| value)
}

/// Pieces of a text, each of which begins with a line of dashes, but perhaps the first.
struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let mut searched = 0;
        let end = loop {
            match self.0[searched..].find("\n---") {
                None => break self.0.len(),
                Some(at) => {
                    let start = searched + at + 1;
                    let line = self.0[start..].lines().next().unwrap_or_default();
                    if is_marker(line, "---") {
                        break start;
                    }
                    searched = start;
                }
            }
        };
        let (piece, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        Pieces(text).collect()
    }

    #[test]
    fn a_line_of_dashes_begins_a_piece() {
        assert_eq!(
            pieces("a: 1\n---\nb: 2\n--- # c\n---\td\n"),
            ["a: 1\n", "---\nb: 2\n", "--- # c\n", "---\td\n"]
        );
        assert_eq!(pieces("---\r\na: 1\r\n---\r\nb: 2"), ["---\r\na: 1\r\n", "---\r\nb: 2"]);
        for one in ["a: |\n  ---\n", "a: b\n----\n", "a: 1\n---b: 2\n", "---"] {
            assert_eq!(pieces(one), [one]);
        }
        assert!(pieces("").is_empty());
    }

    #[test]
    fn json_among_yaml_is_read_as_json() {
        let text = "---\n{\"a\": \"\\ud83d\\ude00\"}\n---\nb: on\n--- {\"c\": yes}\n---\n{\"d\": 1, \"d\": 2}\n";
        let read: Vec<_> = documents(text, Reader::Kubectl).collect();
        assert_eq!(read[0], Ok(json!({"a": "\u{1f600}"})));
        assert_eq!(read[1], Ok(json!({"b": true})));
        assert_eq!(read[2], Ok(json!({"c": true})));
        let error = read[3].as_ref().unwrap_err();
        assert!(error.contains("duplicate mapping key: d at line 7"), "{error}");
        assert_eq!(read.len(), 4);
    }

    #[test]
    fn an_error_has_its_line_in_the_whole_text() {
        let read: Vec<_> =
            documents("a: 1\n---\n\n---\nb: 2\n---\nc: [\n---\nd: 3\n", Reader::Kubectl).collect();
        assert_eq!(read[..2], [Ok(json!({"a": 1})), Ok(json!({"b": 2}))]);
        let error = read[2].as_ref().unwrap_err();
        assert!(error.contains("line 8") || error.contains("line 7"), "{error}");
        assert_eq!(read.len(), 3);
    }

    /// Lines that mean something to the boundaries of documents, in any order.
    fn text() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            Just("---"),
            Just("--- "),
            Just("--- a"),
            Just("---\t# b"),
            Just("----"),
            Just("..."),
            Just("%YAML 1.2"),
            Just("# c"),
            Just(""),
            Just("d: 1"),
            Just("  e: 2"),
            Just("f: |"),
            Just("  g"),
            Just("h: \"i"),
            Just("  j\""),
            Just("k: {l: [m,"),
            Just("n]}"),
            Just("o: &p q"),
            Just("r: *p"),
            Just("{\"s\": 1}"),
            Just("{\"s\": 010}"),
            Just("- t"),
            Just("~"),
        ];
        let end = prop_oneof![9 => Just("\n"), 1 => Just("\r\n")];
        proptest::collection::vec((line, end), 0..12)
            .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| [line, end]).collect())
    }

    proptest! {
        /// Each document by itself is what the stream has.
        #[test]
        fn pieces_are_the_stream(text in text()) {
            for reader in [Reader::Kubectl, Reader::Flagd] {
                let read: Vec<_> = documents(&text, reader).collect();
                prop_assert_eq!(&read, &stream(&text, reader), "{}", text);
            }
        }
    }
}
