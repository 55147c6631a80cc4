//! Canonical JSON (RFC 8785): one text, so one digest, for one value.

mod writer;

use std::{
    fmt,
    io::{self, Write},
};

use serde::Serialize;
use serde_json::{Number, Value};

/// The canonical text of `value`.
///
/// # Panics
/// Never for the types of this crate: their map keys are strings and they hold
/// no number that JSON cannot express.
#[must_use]
pub fn text<T: Serialize>(value: &T) -> String {
    let tree = serde_json::to_value(value);
    tree_text(&tree.expect("domain types have string keys and finite numbers"))
}

/// The canonical text of a tree, of which no copy is made.
///
/// # Panics
/// Never: memory takes all, and what is written is UTF-8.
#[must_use]
pub fn tree_text(tree: &Value) -> String {
    let mut text = Vec::new();
    writer::write(&mut text, tree).expect("memory takes all");
    String::from_utf8(text).expect("JSON is UTF-8")
}

/// A value as it is once its canonical text has been read again: 1.0 and 1e0 are 1, -0.0 is 0.
///
/// One digest is one value, so whatever judges a value judges it in this form.
#[must_use]
pub fn settled(value: &Value) -> Value {
    serde_json::from_str(&tree_text(value)).unwrap_or_else(|_| value.clone())
}

/// Warning about the first number in some values that is rounded; `place` is where they stand.
#[must_use]
pub fn rounding<'a>(
    place: impl fmt::Display,
    values: impl IntoIterator<Item = &'a Value>,
) -> Option<String> {
    let number = values.into_iter().find_map(rounded_number)?;
    Some(format!(
        "{place}: the number {number} is rounded, for JSON keeps whole numbers up to 2^53; write it as text"
    ))
}

/// The first number in a value whose canonical text is another number, or may be: canonical
/// JSON has whole numbers up to 2^53, and rounds what is greater.
fn rounded_number(value: &Value) -> Option<&Number> {
    const GREATEST: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) => {
            let is_rounded = match (number.as_i128(), number.as_f64()) {
                #[expect(clippy::cast_possible_truncation, reason = "no 64 bits leave 128")]
                (Some(whole), Some(near)) => near as i128 != whole,
                // Read as a fraction already, so that its digits may be lost.
                (None, Some(near)) => near.fract() == 0.0 && near.abs() > GREATEST,
                _ => true,
            };
            is_rounded.then_some(number)
        }
        Value::Array(elements) => elements.iter().find_map(rounded_number),
        Value::Object(members) => members.values().find_map(rounded_number),
        Value::Null | Value::Bool(_) | Value::String(_) => None,
    }
}

/// Writes `{…}` with members in canonical order, each already canonical text.
///
/// A value is made canonical in memory; this lets tens of thousands of them pass through to a
/// digest or a file without a copy of all.
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
        serde_json::to_writer(&mut *out, key)?;
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
    fn one_text_is_one_value() {
        for (written, settled_to) in [
            (json!([1.0, -0.0, 1e2, 100.0, 0.5]), json!([1, 0, 100, 100, 0.5])),
            (json!({"a": {"b": 2.0}}), json!({"a": {"b": 2}})),
            (json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992_u64)),
            (json!(1e21), json!(1e21)),
            (json!(u64::MAX), json!(2_f64.powi(64))),
        ] {
            let value = settled(&written);
            assert_eq!(value, settled_to, "{written}");
            assert_eq!((text(&value), settled(&value)), (text(&written), value.clone()));
        }
    }

    #[test]
    fn numbers_that_are_rounded_are_found() {
        let rounded = |value: Value| rounded_number(&value).is_some();
        assert!(rounded(json!({"a": [1, {"b": 9_007_199_254_740_993_u64}]})));
        assert!(rounded(json!(-9_007_199_254_740_993_i64)) && rounded(json!(u64::MAX)));
        assert!(rounded(json!(1e30)), "whose digits may be lost already");
        for exact in [
            json!(9_007_199_254_740_992_u64),
            json!(1.5),
            json!(1e-9),
            json!("x"),
            json!(1_u64 << 60),
        ] {
            assert!(!rounded(exact.clone()), "{exact}");
        }
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
