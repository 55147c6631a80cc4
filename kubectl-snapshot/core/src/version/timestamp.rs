//! Tags that say when they were built: `main-20240115103000-abc1234`.

use super::commit::commit_in;

/// A time of building, and the line of builds it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp<'a> {
    /// The words around it, without the commit: only builds of one line have an order.
    pub line: Vec<&'a str>,
    /// Format of the time.
    pub clock: Clock,
    /// The date, then the time of day or a count of builds, where given.
    pub numbers: Vec<u64>,
    /// The commit it was built from, where the tag has one.
    pub commit: Option<&'a str>,
}

/// Format of the time in a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Year, month and day.
    Date,
    /// The date, and the time of day.
    DateAndTime,
    /// The date, and how many builds there were on it.
    DateAndCount,
    /// Seconds since 1970.
    Unix,
}

/// Between September 2001 and January 2100, in seconds since 1970.
const UNIX: std::ops::Range<u64> = 1_000_000_000..4_102_444_800;
/// The years that tags are dated with.
const YEARS: std::ops::Range<u64> = 1990..2100;

impl<'a> Timestamp<'a> {
    /// Reads `tag`, unless it has no time in it, or two.
    pub(super) fn read(tag: &'a str) -> Option<Self> {
        let commit = commit_in(tag);
        let mut found = None;
        let mut line = Vec::new();
        let mut rest = tag;
        while !rest.is_empty() {
            if let Some((clock, numbers, after)) = time(rest) {
                if found.replace((clock, numbers)).is_some() {
                    return None;
                }
                rest = after;
            } else {
                let end = rest.find(is_separator).unwrap_or(rest.len());
                let part = &rest[..end];
                // `v20240115`: the date begins behind the letter.
                let skipped =
                    if part.starts_with('v') && time(&rest[1..]).is_some() { 1 } else { end };
                if Some(part) != commit {
                    line.push(&rest[..skipped]);
                }
                rest = &rest[skipped..];
            }
            rest = rest.trim_start_matches(is_separator);
        }
        let (clock, numbers) = found?;
        Some(Self { line, clock, numbers, commit })
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | '.')
}

/// The time at the start of `text`, and what follows it.
fn time(text: &str) -> Option<(Clock, Vec<u64>, &str)> {
    if let Some((seconds, rest)) = digits(text, 10)
        && ends(rest)
    {
        return UNIX.contains(&seconds).then(|| (Clock::Unix, vec![seconds], rest));
    }
    let (date, rest) = date(text)?;
    let (clock, numbers, rest) = if let Some((time, rest)) = time_of_day(rest) {
        (Clock::DateAndTime, vec![date, time], rest)
    } else if let Some((count, rest)) = count(rest) {
        (Clock::DateAndCount, vec![date, count], rest)
    } else {
        (Clock::Date, vec![date], rest)
    };
    ends(rest).then_some((clock, numbers, rest))
}

/// `20240115` or `2024-01-15`, as the number 20240115.
fn date(text: &str) -> Option<(u64, &str)> {
    let (year, rest) = digits(text, 4)?;
    let separator = if rest.starts_with('-') { "-" } else { "" };
    let (month, rest) = digits(rest.strip_prefix(separator)?, 2)?;
    let (day, rest) = digits(rest.strip_prefix(separator)?, 2)?;
    let plausible = YEARS.contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    plausible.then_some((year * 10_000 + month * 100 + day, rest))
}

/// `103000`, `T10-30-00Z`, `-1030`: hours, minutes and maybe seconds, as the number 103000.
fn time_of_day(text: &str) -> Option<(u64, &str)> {
    let text = text.strip_prefix(['T', 't', '-', '_', '.']).unwrap_or(text);
    let (hour, rest) = digits(text, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(['-', ':']).unwrap_or(rest), 2)?;
    let (second, rest) =
        digits(rest.strip_prefix(['-', ':']).unwrap_or(rest), 2).unwrap_or((0, rest));
    let rest = rest.strip_prefix(['Z', 'z']).unwrap_or(rest);
    (hour < 24 && minute < 60 && second < 61 && ends(rest))
        .then_some((hour * 10_000 + minute * 100 + second, rest))
}

/// `.3`: the builds of a day, counted. Seven digits could be a commit.
fn count(text: &str) -> Option<(u64, &str)> {
    let text = text.strip_prefix(is_separator)?;
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (1..=6).contains(&end).then(|| digits(text, end))?.filter(|(_, rest)| ends(rest))
}

fn digits(text: &str, count: usize) -> Option<(u64, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    digits
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| digits.parse().ok())?
        .map(|number| (number, rest))
}

fn ends(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(is_separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_in_tags() {
        for (tag, line, numbers, commit) in [
            ("20240115", "", vec![20_240_115], None),
            ("v20240115-abc1234", "v", vec![20_240_115], Some("abc1234")),
            ("main-20240115", "main", vec![20_240_115], None),
            ("20240115103000-abc1234", "", vec![20_240_115, 103_000], Some("abc1234")),
            ("main-20240115-1030", "main", vec![20_240_115, 103_000], None),
            ("2024-01-15", "", vec![20_240_115], None),
            ("RELEASE.2024-01-15T10-30-00Z", "RELEASE", vec![20_240_115, 103_000], None),
            ("20240115.3", "", vec![20_240_115, 3], None),
            ("main-abc1234-1705312345", "main", vec![1_705_312_345], Some("abc1234")),
            ("bookworm-20240115-slim", "bookworm slim", vec![20_240_115], None),
        ] {
            let found = Timestamp::read(tag).unwrap_or_else(|| panic!("{tag}"));
            assert_eq!(
                (found.line.join(" "), found.numbers, found.commit),
                (line.into(), numbers, commit),
                "{tag}"
            );
        }
    }

    #[test]
    fn other_numbers_are_not_times() {
        for tag in [
            "",
            "1234567",
            "20241315",
            "20240132",
            "12345678901",
            "main",
            "main-42",
            "20240115x",
            "20240115-20240116",
        ] {
            assert_eq!(Timestamp::read(tag), None, "{tag}");
        }
    }

    #[test]
    fn a_commit_of_digits_is_no_count() {
        let found = Timestamp::read("20240115-1234567").unwrap();
        assert_eq!((found.numbers, found.line), (vec![20_240_115], vec!["1234567"]));
    }
}
