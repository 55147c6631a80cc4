//! Periods and instants as people write them.

use std::time::{Duration, UNIX_EPOCH};

/// First second of the year 10000, after the last time of RFC 3339.
const YEAR_10000: u64 = 253_402_300_800;

/// The units that a period is shown in, with their seconds.
const UNITS: [(u64, char); 4] = [(86_400, 'd'), (3_600, 'h'), (60, 'm'), (1, 's')];

/// Reads a period such as `90m`, `24h` or `7d`, in seconds; a day has 24 hours.
pub(crate) fn period(setting: &str, text: &str) -> Result<u64, String> {
    humantime::parse_duration(text.trim()).map(|it| it.as_secs()).map_err(|_| {
        format!("the setting `{setting}` has {text:?}; write a time such as 90m, 24h or 7d")
    })
}

/// Reads an instant of RFC 3339 in UTC, in seconds since 1970.
pub(crate) fn instant(setting: &str, text: &str) -> Result<u64, String> {
    let instant = humantime::parse_rfc3339(text.trim()).ok();
    let since = instant.and_then(|it| it.duration_since(UNIX_EPOCH).ok());
    since.map(|it| it.as_secs()).ok_or_else(|| {
        format!(
            "the setting `{setting}` has {text:?}; write an instant such as 2026-12-20T18:00:00Z"
        )
    })
}

/// `7d`, `24h`, `2d 3h`: the two units that count, and days only of two or more.
pub(crate) fn shown(seconds: u64) -> String {
    let mut rest = seconds;
    let units = if seconds < 2 * UNITS[0].0 { &UNITS[1..] } else { &UNITS[..] };
    let parts: Vec<(u64, char)> = units
        .iter()
        .map(|(unit, letter)| {
            let count = rest / unit;
            rest %= unit;
            (count, *letter)
        })
        .collect();
    let from = parts.iter().position(|(count, _)| *count > 0).unwrap_or(parts.len() - 1);
    let counted = parts[from..].iter().take(2);
    let mut words: Vec<String> = counted
        .filter(|(count, _)| *count > 0)
        .map(|(count, letter)| format!("{count}{letter}"))
        .collect();
    if words.is_empty() {
        words.push("0s".to_owned());
    }
    words.join(" ")
}

/// `2026-11-22T10:00:00Z`
pub(crate) fn at(seconds: u64) -> String {
    if seconds >= YEAR_10000 {
        return "a time that no calendar has".to_owned();
    }
    humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(seconds)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_shown() {
        for (text, seconds, again) in [
            ("90m", 5_400, "1h 30m"),
            ("24h", 86_400, "24h"),
            ("7d", 604_800, "7d"),
            (" 1d 2h 3m ", 93_780, "26h 3m"),
            ("1w", 604_800, "7d"),
            ("51h 1s", 183_601, "2d 3h"),
            ("0s", 0, "0s"),
            ("1h 30s", 3_630, "1h"),
        ] {
            assert_eq!(period("soak", text), Ok(seconds), "{text}");
            assert_eq!(shown(seconds), again);
        }
        for text in ["", "24", "soon", "-1h", "1 fortnight", "99999999999999999999d"] {
            assert_eq!(
                period("soak", text).unwrap_err(),
                format!("the setting `soak` has {text:?}; write a time such as 90m, 24h or 7d")
            );
        }
    }

    #[test]
    fn instants_are_read_and_shown() {
        assert_eq!(instant("freeze", "2026-11-22T10:00:00Z"), Ok(1_795_341_600));
        assert_eq!(at(YEAR_10000 - 1), "9999-12-31T23:59:59Z");
        assert_eq!(at(1_795_341_600), "2026-11-22T10:00:00Z");
        assert_eq!(at(u64::MAX), "a time that no calendar has");
        assert_eq!(
            instant("freeze", "Christmas").unwrap_err(),
            "the setting `freeze` has \"Christmas\"; write an instant such as 2026-12-20T18:00:00Z"
        );
    }
}
