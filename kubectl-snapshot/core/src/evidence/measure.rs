//! Measured values: a number as it was written, and its unit.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::visible;

/// The most characters of a unit.
const LONGEST_UNIT: usize = 16;
/// The most characters of a number.
const LONGEST_NUMBER: usize = 40;

/// A number as it was written, with its unit: `120ms`, `0.4%`, `512MiB`, `17`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Measure {
    written: String,
    number: f64,
    unit: String,
}

/// Error: a text is not a [`Measure`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a measured value: expected a number and perhaps a unit, such as 120ms, 0.4% or 512MiB"
)]
pub struct NotAMeasure(String);

/// Scale of a unit: its dimension, and its size in seconds or bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Scale {
    /// Seconds in one unit.
    Time(f64),
    /// Bytes in one unit.
    Size(f64),
}

impl Measure {
    /// The number as it was written, whatever its unit: 120 of `120ms`.
    #[must_use]
    pub fn number(&self) -> f64 {
        self.number
    }

    /// Unit as written; may be empty.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Numbers of both in one unit; none where the units have nothing in common.
    ///
    /// Durations and sizes are brought to one unit, and what is measured per
    /// something as long as it is the same: `2MiB/s` and `900KiB/s`.
    #[must_use]
    pub(super) fn pair(&self, other: &Self) -> Option<(f64, f64)> {
        if self.unit == other.unit {
            return Some((self.number, other.number));
        }
        let halves = |unit: &str| match unit.split_once('/') {
            Some((unit, per)) => (scale(unit), per.to_owned()),
            None => (scale(unit), String::new()),
        };
        let ((left, per_left), (right, per_right)) = (halves(&self.unit), halves(&other.unit));
        match (left?, right?) {
            (Scale::Time(one), Scale::Time(another)) | (Scale::Size(one), Scale::Size(another))
                if per_left == per_right =>
            {
                Some((self.number * one, other.number * another))
            }
            _ => None,
        }
    }
}

fn scale(unit: &str) -> Option<Scale> {
    const MINUTE: f64 = 60.0;
    const KIBI: f64 = 1024.0;
    Some(match unit {
        "ns" => Scale::Time(1e-9),
        "us" | "µs" | "μs" => Scale::Time(1e-6),
        "ms" => Scale::Time(1e-3),
        "s" => Scale::Time(1.0),
        "m" | "min" => Scale::Time(MINUTE),
        "h" => Scale::Time(60.0 * MINUTE),
        "d" => Scale::Time(24.0 * 60.0 * MINUTE),
        "B" => Scale::Size(1.0),
        "kB" | "KB" => Scale::Size(1e3),
        "MB" => Scale::Size(1e6),
        "GB" => Scale::Size(1e9),
        "TB" => Scale::Size(1e12),
        "Ki" | "KiB" => Scale::Size(KIBI),
        "Mi" | "MiB" => Scale::Size(KIBI * KIBI),
        "Gi" | "GiB" => Scale::Size(KIBI * KIBI * KIBI),
        "Ti" | "TiB" => Scale::Size(KIBI * KIBI * KIBI * KIBI),
        _ => return None,
    })
}

/// A number without a unit.
impl From<f64> for Measure {
    fn from(number: f64) -> Self {
        Self { written: number.to_string(), number, unit: String::new() }
    }
}

impl FromStr for Measure {
    type Err = NotAMeasure;

    fn from_str(text: &str) -> Result<Self, NotAMeasure> {
        let refuse = || NotAMeasure(text.chars().take(80).collect());
        let (written, unit) = text.trim().split_at(number_end(text.trim()));
        let unit = unit.trim_start();
        let number: f64 = written.parse().map_err(|_| refuse())?;
        let in_unit = |c: char| !(c.is_whitespace() || c.is_ascii_digit() || visible::is_hidden(c));
        let unit_fits = unit.chars().count() <= LONGEST_UNIT
            && unit.chars().all(in_unit)
            && !unit.starts_with(['.', ',', '-', '+', '=']);
        if !number.is_finite() || written.len() > LONGEST_NUMBER || !unit_fits {
            return Err(refuse());
        }
        Ok(Self { written: written.to_owned(), number, unit: unit.to_owned() })
    }
}

/// Byte offset of the end of the number at the start of `text`: `-1.5e3` of `-1.5e3ms`.
fn number_end(text: &str) -> usize {
    let digits = |from: usize| {
        let rest = &text[from..];
        from + rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
    };
    let mut end = digits(usize::from(text.starts_with(['-', '+'])));
    if text[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['-', '+']));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.written, self.unit)
    }
}

impl TryFrom<String> for Measure {
    type Error = NotAMeasure;

    fn try_from(text: String) -> Result<Self, NotAMeasure> {
        text.parse()
    }
}

impl From<Measure> for String {
    fn from(measure: Measure) -> Self {
        measure.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(text: &str) -> Measure {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_number_stays_as_it_was_written() {
        for (text, number, unit) in [
            ("120ms", 120.0, "ms"),
            ("120 ms", 120.0, "ms"),
            ("0.40%", 0.4, "%"),
            ("-1.5e3", -1500.0, ""),
            ("2e", 2.0, "e"),
            ("3eV", 3.0, "eV"),
            ("1200req/s", 1200.0, "req/s"),
            ("17", 17.0, ""),
            (".5s", 0.5, "s"),
        ] {
            let found = measure(text);
            assert_eq!((found.number(), found.unit()), (number, unit), "{text}");
            assert_eq!(found.to_string(), text.replace(' ', ""));
            assert_eq!(measure(&found.to_string()), found);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "ms",
            "NaN",
            "inf",
            "-inf",
            "infinity",
            "1e999",
            "1,5s",
            "1.2.3",
            "--1",
            "12 34",
            "1\u{1b}[2J",
            "0x10",
            &format!("1{}", "s".repeat(17)),
            &"1".repeat(41),
        ] {
            assert!(text.parse::<Measure>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn durations_and_sizes_are_brought_to_one_unit() {
        let pair = |one: &str, other: &str| measure(one).pair(&measure(other));
        assert_eq!(pair("120ms", "180ms"), Some((120.0, 180.0)));
        assert_eq!(pair("1.5s", "1min"), Some((1.5, 60.0)));
        assert_eq!(pair("1KiB", "1024B"), Some((1024.0, 1024.0)));
        assert_eq!(pair("2MB/s", "500kB/s"), Some((2e6, 5e5)));
        for (one, other) in [("1s", "1B"), ("1%", "1"), ("1MB/s", "1MB/h"), ("1req", "1s")] {
            assert_eq!(pair(one, other), None, "{one} {other}");
        }
    }
}
