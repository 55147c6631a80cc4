//! YAML as kubectl reads it, keys included.
//!
//! kubectl turns YAML into JSON by sigs.k8s.io/yaml, which reads plain keys as it reads plain
//! values, by YAML 1.1: `no` is false, `010` is 8. JSON has keys of text alone, so they are written
//! out again: `"false"`, `"8"`. Whoever means the text puts it in quotes.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// A document's value.
pub(super) struct Yaml(pub(super) Value);

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
        while let Some(Key(key)) = mapping.next_key()? {
            let Yaml(value) = mapping.next_value()?;
            if members.contains_key(&key) {
                return Err(A::Error::custom(format!(
                    "the key {key:?} is there twice, as kubectl reads it; put keys in quotes"
                )));
            }
            members.insert(key, value);
        }
        Ok(members.into())
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
        let options = serde_saphyr::options! { legacy_octal_numbers: true };
        serde_saphyr::from_str_with_options::<Yaml>(text, options)
            .map(|yaml| yaml.0)
            .map_err(|error| error.to_string())
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
}
