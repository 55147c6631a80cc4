//! Writer of trees as canonical JSON.
//!
//! The members of a tree stand in the order of their keys' bytes already, and but for a few
//! characters that is the canonical order. So a tree is written as it stands, where the library for
//! canonical JSON reads each key again and copies each value once for each object around it. What
//! it is needed for is left to it: keys whose two orders differ.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{
    Value,
    ser::{CompactFormatter, Formatter, Serializer},
};

/// Greatest whole number up to which all are written as they are.
const EXACT: u64 = 1 << 53;

/// Writes a tree's canonical text.
pub(super) fn write<W: Write>(out: &mut W, value: &Value) -> io::Result<()> {
    if stands_in_order(value) {
        value.serialize(&mut Serializer::with_formatter(out, Numbers)).map_err(io::Error::from)
    } else {
        serde_json_canonicalizer::to_writer(value, out).map_err(io::Error::from)
    }
}

/// True of a tree whose keys sort the same as bytes and as UTF-16.
///
/// They do not where a surrogate, which stands for a character beyond U+FFFF, is compared with a
/// character from U+E000 on.
fn stands_in_order(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().all(stands_in_order),
        Value::Object(members) => members.iter().all(|(key, member)| {
            (key.is_ascii() || key.chars().all(|char| char < '\u{e000}')) && stands_in_order(member)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// Numbers as ECMAScript writes them, all else as JSON without white space is.
struct Numbers;

impl Formatter for Numbers {
    fn write_f64<W: ?Sized + Write>(&mut self, out: &mut W, value: f64) -> io::Result<()> {
        out.write_all(ryu_js::Buffer::new().format(value).as_bytes())
    }

    fn write_u64<W: ?Sized + Write>(&mut self, out: &mut W, value: u64) -> io::Result<()> {
        if value <= EXACT {
            return CompactFormatter.write_u64(out, value);
        }
        #[expect(clippy::cast_precision_loss, reason = "canonical JSON knows no other numbers")]
        self.write_f64(out, value as f64)
    }

    fn write_i64<W: ?Sized + Write>(&mut self, out: &mut W, value: i64) -> io::Result<()> {
        if value.unsigned_abs() <= EXACT {
            return CompactFormatter.write_i64(out, value);
        }
        #[expect(clippy::cast_precision_loss, reason = "canonical JSON knows no other numbers")]
        self.write_f64(out, value as f64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Number, json};

    use super::*;

    fn written(value: &Value) -> String {
        let mut text = Vec::new();
        write(&mut text, value).unwrap();
        String::from_utf8(text).unwrap()
    }

    fn number() -> impl Strategy<Value = Number> {
        let near = |value: i64| (value - 3..=value + 3).prop_map(Number::from);
        prop_oneof![
            any::<i64>().prop_map(Number::from),
            any::<u64>().prop_map(Number::from),
            near(1 << 53),
            near(-(1 << 53)),
            near(0),
            proptest::num::f64::ANY.prop_filter_map("JSON has finite ones", Number::from_f64),
            (-1e25..1e25_f64).prop_filter_map("JSON has finite ones", Number::from_f64),
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        let text = || "[a-z\"\\\\/\u{0}-\u{9f}é\u{d7ff}\u{e000}\u{ffff}😀]{0,4}";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            number().prop_map(Value::Number),
            text().prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 24, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                proptest::collection::vec((text(), inner), 0..6)
                    .prop_map(|members| Value::Object(Map::from_iter(members))),
            ]
        })
    }

    #[test]
    fn keys_beyond_the_surrogates_are_in_canonical_order() {
        let value =
            json!({"\u{1f600}": 1, "\u{fb33}": 2, "a": {"\u{fb33}": [], "\u{1f600}": 1e21}});
        assert!(!stands_in_order(&value));
        assert_eq!(
            written(&value),
            "{\"a\":{\"\u{1f600}\":1e+21,\"\u{fb33}\":[]},\"\u{1f600}\":1,\"\u{fb33}\":2}"
        );
    }

    proptest! {
        /// The library is the reference.
        #[test]
        fn the_text_is_the_librarys(value in value()) {
            prop_assert_eq!(written(&value), serde_json_canonicalizer::to_string(&value).unwrap());
        }
    }
}
