//! YAML, as kubectl lays it out.

use std::io::Write;

use serde::Serialize;
use serde_saphyr::ser_options;

use super::RenderError;

/// Writes `value`, a piece at a time.
pub(super) fn write(value: &impl Serialize, mut out: &mut dyn Write) -> Result<(), RenderError> {
    // A long line stays one line: folded, it could not be found by grep.
    let options = ser_options! { folded_wrap_chars: usize::MAX };
    serde_saphyr::to_io_writer_with_options(&mut out, value, options).map_err(|error| match error {
        serde_saphyr::ser::Error::IO { error } => RenderError::Write(error),
        other => RenderError::Data { format: "YAML", cause: other.to_string() },
    })
}

/// `value` as a text.
pub fn text(value: &impl Serialize) -> Result<String, RenderError> {
    let mut out = Vec::new();
    write(value, &mut out)?;
    String::from_utf8(out)
        .map_err(|error| RenderError::Data { format: "YAML", cause: error.to_string() })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn text(value: &Value) -> String {
        super::text(value).unwrap()
    }

    #[test]
    fn lists_and_texts_look_as_in_kubectl() {
        let value =
            json!({"items": [{"name": "a", "text": "one\ntwo\n"}], "long": "word ".repeat(40)});
        assert_eq!(
            text(&value),
            format!(
                "items:\n- name: a\n  text: |\n    one\n    two\nlong: \"{}\"\n",
                "word ".repeat(40)
            )
        );
    }

    #[test]
    fn words_that_yaml_takes_for_something_else_are_quoted() {
        let value = json!({"a": "on", "b": "1.0", "c": "null", "d": "", "e": "3f2a91c"});
        assert_eq!(serde_saphyr::from_str::<Value>(&text(&value)).unwrap(), value);
    }

    #[test]
    fn control_characters_are_escaped_and_read_back() {
        let value = json!({"\u{1b}k": "\u{1b}[0m\u{9b}2J\u{7f}", "lines": "a\n\u{1b}[0m\n"});
        let text = text(&value);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
        assert_eq!(serde_saphyr::from_str::<Value>(&text).unwrap(), value);
    }
}
