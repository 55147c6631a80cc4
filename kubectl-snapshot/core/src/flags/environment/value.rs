//! Conversion of an environment variable's text into a flag's value.

use serde_json::Value;

/// Result of looking up an environment variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::flags) enum EnvLookup {
    /// Text of the variable, written in the workload or read from where the workload
    /// points.
    Literal(String),
    /// The container does not set it.
    NotSet,
    /// Text that must not be read, as a Secret's, or is unknown before the workload runs.
    Unreadable,
}

/// State of the flag: whether it is evaluated at all, and its value; null where that is
/// unknown.
///
/// A variable that is not set leaves its flag off. One that turns its flag off
/// leaves it to the code, as does text that has no opposite: that counts as on,
/// for a requirement that might be needed must hold.
pub(super) fn evaluate(found: EnvLookup, inverted: bool) -> (bool, Value) {
    match found {
        EnvLookup::Literal(text) => match (switch(&text), inverted) {
            (Some(on), _) => (true, Value::Bool(on != inverted)),
            (None, false) => (true, Value::String(text)),
            (None, true) => (true, Value::Null),
        },
        EnvLookup::NotSet => (inverted, Value::Null),
        EnvLookup::Unreadable => (true, Value::Null),
    }
}

/// Meaning of the words for on and off; none for any other text.
pub(super) fn switch(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" | "on" => Some(true),
        "false" | "no" | "0" | "off" | "" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn literal(text: &str, inverted: bool) -> (bool, Value) {
        evaluate(EnvLookup::Literal(text.into()), inverted)
    }

    #[test]
    fn words_for_on_and_off_are_booleans() {
        for text in ["true", "YES", "1", "on", " On "] {
            assert_eq!(
                (literal(text, false), literal(text, true)),
                ((true, json!(true)), (true, json!(false))),
                "{text}"
            );
        }
        for text in ["false", "No", "0", "off", ""] {
            assert_eq!(
                (literal(text, false), literal(text, true)),
                ((true, json!(false)), (true, json!(true))),
                "{text}"
            );
        }
    }

    #[test]
    fn other_text_stays_and_has_no_opposite() {
        assert_eq!(literal("Blue", false), (true, json!("Blue")));
        assert_eq!(literal("Blue", true), (true, Value::Null));
    }

    #[test]
    fn what_is_not_set_is_off_unless_setting_it_would_turn_it_off() {
        assert_eq!(evaluate(EnvLookup::NotSet, false), (false, Value::Null));
        assert_eq!(evaluate(EnvLookup::NotSet, true), (true, Value::Null));
        assert_eq!(evaluate(EnvLookup::Unreadable, false), (true, Value::Null));
    }
}
