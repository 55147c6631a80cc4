//! YAML as kubectl and flagd read it, keys included.
//!
//! kubectl turns YAML into JSON by sigs.k8s.io/yaml, which reads plain keys as it reads plain
//! values, by YAML 1.1: `no` is false, `010` is 8. JSON has keys of text alone, so they are written
//! out again: `"false"`, `"8"`. Whoever means the text puts it in quotes. flagd reads its
//! definitions with another library, to which `on` and `off` are text.

mod bare;
mod documents;
mod lines;

use std::fmt;

pub use bare::bare_document;
pub use documents::{documents, first_document};
pub use lines::line_of;
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// The key that merges another mapping into its own.
const MERGE: &str = "<<";

/// Reader whose understanding of plain words counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// kubectl: `on`, `yes` and their like are booleans.
    Kubectl,
    /// flagd: they are text.
    Flagd,
}

/// A document's value.
#[derive(Debug)]
struct Yaml(Value);

/// The options with which a reader's YAML is read: `0644` is octal, a key given twice is an
/// error. The bounds leave room for tens of thousands of manifests.
#[must_use]
fn options(reader: Reader) -> serde_saphyr::Options {
    serde_saphyr::options! {
        legacy_octal_numbers: true,
        strict_booleans: reader == Reader::Flagd,
        // Where they stand decides what they mean to some readers.
        merge_keys: serde_saphyr::MergeKeyPolicy::AsOrdinary,
        emit_comments: false,
        budget: serde_saphyr::budget! {
            max_events: 50_000_000,
            max_nodes: 50_000_000,
            max_documents: 1_000_000,
            max_total_scalar_bytes: 512 * 1024 * 1024,
        },
    }
}

/// An error of the library without its advice for programmers.
#[must_use]
fn explain(error: &serde_saphyr::Error) -> String {
    let is_not_finite =
        matches!(error.without_snippet(), serde_saphyr::Error::NonFiniteFloat { .. });
    let mut error =
        error.to_string().replace(", set DuplicateKeyPolicy in Options if acceptable", "");
    if is_not_finite {
        error.push_str("; put it in quotes");
    }
    error
}

/// The key of a mapping, as kubectl writes it in JSON.
struct Key(String);

struct ValueVisitor;

struct KeyVisitor;

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(Self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyVisitor).map(Self)
    }
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can express")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("JSON has no non-finite float"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(Yaml(element)) = sequence.next_element()? {
            elements.push(element);
        }
        Ok(elements.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        let mut merged = Map::new();
        while let Some(Key(key)) = mapping.next_key()? {
            let Yaml(value) = mapping.next_value()?;
            if key == MERGE {
                if let Some(first) = members.keys().next() {
                    return Err(A::Error::custom(format!(
                        "the merge key << stands behind the key {first:?}; put << first: to kubectl, what it merges overwrites the keys before it, to others it does not"
                    )));
                }
                merged = merge(value).map_err(A::Error::custom)?;
                continue;
            }
            if members.contains_key(&key) {
                return Err(A::Error::custom(format!(
                    "the key {key:?} is there twice, as kubectl reads it; put keys in quotes"
                )));
            }
            members.insert(key, value);
        }
        for (key, value) in merged {
            members.entry(key).or_insert(value);
        }
        Ok(members.into())
    }
}

/// The members that a merge key brings, of one mapping or of several, the first of which counts.
fn merge(value: Value) -> Result<Map<String, Value>, &'static str> {
    const OTHER: &str = "the merge key << takes a mapping, or a list of mappings";
    match value {
        Value::Object(members) => Ok(members),
        Value::Array(sources) => {
            let mut merged = Map::new();
            for source in sources {
                let Value::Object(members) = source else { return Err(OTHER) };
                for (key, value) in members {
                    merged.entry(key).or_insert(value);
                }
            }
            Ok(merged)
        }
        _ => Err(OTHER),
    }
}

impl Visitor<'_> for KeyVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key that kubectl takes: text, a whole number, a fraction, or a boolean")
    }

    fn visit_bool<E>(self, key: bool) -> Result<String, E> {
        Ok(key.to_string())
    }

    fn visit_i64<E>(self, key: i64) -> Result<String, E> {
        Ok(key.to_string())
    }

    fn visit_u64<E: Error>(self, key: u64) -> Result<String, E> {
        i64::try_from(key)
            .map(|key| key.to_string())
            .map_err(|_| E::custom(format!("kubectl takes no key {key}; put it in quotes")))
    }

    fn visit_f64<E: Error>(self, key: f64) -> Result<String, E> {
        if key.is_finite() {
            Ok(as_go_writes(key))
        } else {
            Err(E::custom("a key that is a non-finite float"))
        }
    }

    fn visit_str<E>(self, key: &str) -> Result<String, E> {
        Ok(key.to_owned())
    }

    fn visit_string<E>(self, key: String) -> Result<String, E> {
        Ok(key)
    }

    fn visit_unit<E: Error>(self) -> Result<String, E> {
        Err(E::custom("a key that is null; put it in quotes"))
    }
}

/// The fraction as Go's `strconv.FormatFloat(key, 'g', -1, 32)` writes it: 32 bits, shortest,
/// with an exponent from a million on and below a ten-thousandth.
fn as_go_writes(key: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "kubectl keeps 32 bits of such a key")]
    let key = key as f32;
    let scientific = format!("{key:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..6).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.abs())
        }
        _ => key.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, String> {
        first_document(text, Reader::Kubectl)
    }

    #[test]
    fn plain_keys_are_what_kubectl_makes_of_them() {
        // As `kubectl apply` of 1.36 and `kubectl get -o jsonpath={.data}` show them.
        let text = "no: a\non: b\n1.10: c\n010: d\nde: e\n";
        let expected = json!({"false": "a", "true": "b", "1.1": "c", "8": "d", "de": "e"});
        assert_eq!(read(text).unwrap(), expected);
        let quoted = "\"no\": a\n'1.10': c\n\"010\": d\n";
        assert_eq!(read(quoted).unwrap(), json!({"no": "a", "1.10": "c", "010": "d"}));
    }

    #[test]
    fn fractions_are_written_as_go_writes_them() {
        let cases = [
            (1.1, "1.1"),
            (0.5, "0.5"),
            (1000.0, "1000"),
            (1e6, "1e+06"),
            (12_345_678.9, "1.2345679e+07"),
            (0.000_01, "1e-05"),
            (0.0001, "0.0001"),
            (-2.0, "-2"),
        ];
        for (key, written) in cases {
            assert_eq!(as_go_writes(key), written);
        }
    }

    #[test]
    fn keys_that_become_one_are_refused() {
        let error = read("yes: a\n\"true\": b\n").unwrap_err();
        assert!(error.contains("the key \"true\" is there twice"), "{error}");
        assert!(read("~: a\n").unwrap_err().contains("put it in quotes"));
        assert!(read("18446744073709551615: a\n").unwrap_err().contains("put it in quotes"));
    }

    #[test]
    fn values_stay_what_they_were() {
        let text = "a: [1, -1, 1.5, yes, null, text, 0644]\nb: {c: {}}\n";
        let expected = json!({"a": [1, -1, 1.5, true, null, "text", 420], "b": {"c": {}}});
        assert_eq!(read(text).unwrap(), expected);
    }

    #[test]
    fn a_merge_key_stands_first() {
        let defaults = "defaults: &defaults {TAX_CALL: \"off\", LEVEL: info}\n";
        let merged =
            read(&format!("{defaults}cart:\n  <<: *defaults\n  TAX_CALL: \"on\"\n")).unwrap();
        assert_eq!(merged["cart"], json!({"LEVEL": "info", "TAX_CALL": "on"}));
        let several =
            format!("{defaults}cart:\n  <<: [{{LEVEL: debug}}, *defaults]\n  PORT: \"80\"\n");
        assert_eq!(
            read(&several).unwrap()["cart"],
            json!({"LEVEL": "debug", "TAX_CALL": "off", "PORT": "80"})
        );
        for last in ["cart:\n  TAX_CALL: \"on\"\n  <<: *defaults\n", "cart: {A: b, <<: {}}\n"] {
            let error = read(&format!("{defaults}{last}")).unwrap_err();
            assert!(error.contains("put << first"), "{error}");
        }
        let error = read("cart: {<<: text}\n").unwrap_err();
        assert!(error.contains("takes a mapping"), "{error}");
    }

    #[test]
    fn words_for_on_and_off_are_text_to_flagd() {
        let text = "variants: {on: true, off: false}\ndefaultVariant: on\nmode: 0644\n";
        let [flagd, kubectl] =
            [Reader::Flagd, Reader::Kubectl].map(|reader| first_document(text, reader).unwrap());
        assert_eq!(
            flagd,
            json!({"variants": {"on": true, "off": false}, "defaultVariant": "on", "mode": 420})
        );
        assert_eq!(kubectl["defaultVariant"], true);
    }
}
