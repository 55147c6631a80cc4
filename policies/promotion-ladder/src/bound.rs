//! Bound of a metric: a number, and the unit in which it counts.

use serde::{Deserialize, Deserializer, de::Error as _};
use snapshot_policy::{Evidence, lookup::Fact};
use std::fmt;

/// A bound as it was written: `200ms`, `0.5`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bound {
    number: f64,
    unit: String,
}

/// A number with its unit, or a bare number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(f64),
    Text(String),
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Written::deserialize(deserializer)? {
            Written::Number(number) => Ok(Self { number, unit: String::new() }),
            Written::Text(text) => {
                let (number, unit) = parts(&text).ok_or_else(|| {
                    D::Error::custom(format!("{text:?} is no bound; write one such as 200ms"))
                })?;
                Ok(Self { number, unit: unit.to_owned() })
            }
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, self.unit)
    }
}

impl Bound {
    /// The number.
    pub(crate) fn number(&self) -> f64 {
        self.number
    }

    /// The unit; empty where it has none.
    pub(crate) fn unit(&self) -> &str {
        &self.unit
    }

    /// True if a value that was recorded in that unit can be held against it.
    pub(crate) fn is_in(&self, unit: &str) -> bool {
        self.unit == unit
    }
}

/// The value of a fact as somebody wrote it, `120ms`; none where the question does not tell.
pub(crate) fn measured<'a>(fact: &Evidence, facts: &'a [Fact]) -> Option<&'a str> {
    let is_it = |one: &&Fact| {
        (&one.kind, &one.name, &one.stage, &one.actor, one.at, one.value)
            == (&fact.kind, &fact.name, &fact.stage, &fact.actor, fact.at, fact.value)
    };
    facts.iter().find(is_it)?.measured.as_deref()
}

/// The unit of a value as somebody wrote it; empty where it has none.
pub(crate) fn unit_of(measured: &str) -> &str {
    parts(measured).map_or("", |(_, unit)| unit)
}

/// The number that a text begins with, and the rest.
fn parts(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let ends = text.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let number = |end: usize| text[..end].parse::<f64>().ok().map(|number| (number, end));
    // `inf` and `nan` are numbers to Rust, and no beginning of a measure.
    let (number, end) = ends.filter_map(number).rfind(|(number, _)| number.is_finite())?;
    Some((number, text[end..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_unit_are_told_apart() {
        for (text, expected) in [
            ("120ms", Some((120.0, "ms"))),
            ("0.4 %", Some((0.4, "%"))),
            ("1e3", Some((1000.0, ""))),
            ("1e3req/s", Some((1000.0, "req/s"))),
            ("-5", Some((-5.0, ""))),
            ("2 eggs", Some((2.0, "eggs"))),
            ("ms", None),
            ("inf", None),
            ("", None),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
    }
}
