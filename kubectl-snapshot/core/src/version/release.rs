//! Versions made of numbers: semantic ones, partial ones, and dates.

use std::cmp::Ordering;

use semver::{BuildMetadata, Prerelease, Version};

use super::{
    commit::commit_in,
    prerelease::{is_numeric, is_prerelease},
    suffix,
};

/// Numbers with what stands around them: `v1.4.0-rc.1-alpine`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release<'a> {
    /// One to four numbers, most significant first.
    pub numbers: Vec<u64>,
    /// The pre-release, in the one spelling that sorts; empty for a release.
    pub prerelease: Prerelease,
    /// Variant of the image: `alpine`, `debian-11-r5`, `accounting`.
    pub flavour: Option<String>,
    /// The commit it was built from, where the text has one.
    pub commit: Option<&'a str>,
    /// Number of commits past the version's own, as git describe counts.
    pub distance: Option<u64>,
    /// Build metadata behind a `+`, which has no part in any order.
    pub build: Option<&'a str>,
}

/// The first numbers of versions that are dates.
const YEARS: std::ops::RangeInclusive<u64> = 1990..=2100;
/// More digits than any version's first number has; a date has eight.
const LONGEST_FIRST: usize = 6;
/// More than this and a number might not fit.
const LONGEST: usize = 18;

/// True if a version's first number is a year: versions that are dates do not compare with
/// versions that are not.
pub(crate) fn is_year(number: u64) -> bool {
    YEARS.contains(&number)
}

impl<'a> Release<'a> {
    /// Reads `text`, unless it is something else than numbers with a prefix `v` and a suffix.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let (text, build) = match text.split_once('+') {
            Some((text, build)) => (text, Some(build)),
            None => (text, None),
        };
        let unprefixed = text.strip_prefix(['v', 'V']);
        let (numbers, rest) = numbers(unprefixed.unwrap_or(text))?;
        let behind = behind(&numbers, rest)?;
        if numbers.len() == 1 && unprefixed.is_none() && !is_lone_version(numbers[0], behind) {
            return None;
        }
        let suffix = suffix::read(behind);
        let flavour = suffix.flavour.join("-");
        Some(Self {
            numbers,
            prerelease: Prerelease::new(&suffix.prerelease.join(".")).ok()?,
            flavour: (!flavour.is_empty()).then_some(flavour),
            commit: suffix.commit.or_else(|| commit_in(behind)),
            distance: suffix.distance,
            build,
        })
    }

    /// True if the numbers are a date: `2024.01.15`.
    #[must_use]
    pub fn is_calendar(&self) -> bool {
        is_year(self.numbers[0])
    }

    /// The semantic version it stands for; missing numbers are zero.
    #[must_use]
    pub fn semver(&self) -> Version {
        let number = |position: usize| self.numbers.get(position).copied().unwrap_or(0);
        let build = match (self.build, self.distance, self.numbers.get(3)) {
            (Some(build), ..) => build.to_owned(),
            (None, Some(distance), _) => match self.commit {
                Some(commit) => format!("{distance}.g{commit}"),
                None => distance.to_string(),
            },
            (None, None, Some(fourth)) => fourth.to_string(),
            (None, None, None) => String::new(),
        };
        Version {
            major: number(0),
            minor: number(1),
            patch: number(2),
            pre: self.prerelease.clone(),
            build: BuildMetadata::new(&build).unwrap_or(BuildMetadata::EMPTY),
        }
    }

    /// Precedence of two releases, where numbers and pre-release decide it.
    ///
    /// `1.4` may be any 1.4.x: it comes before 1.5.0, and has no order with 1.4.1.
    pub(super) fn precedence(&self, other: &Self) -> Option<Ordering> {
        let by_numbers = self.numbers.iter().zip(&other.numbers).map(|(one, other)| one.cmp(other));
        match by_numbers.into_iter().find(|order| order.is_ne()) {
            Some(order) => Some(order),
            None if self.numbers.len() == other.numbers.len() => {
                Some(self.prerelease.cmp(&other.prerelease))
            }
            None => None,
        }
    }
}

/// The numbers at the start of `text`, and what follows them.
fn numbers(text: &str) -> Option<(Vec<u64>, &str)> {
    let mut numbers = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let longest = if numbers.is_empty() { LONGEST_FIRST } else { LONGEST };
        if end == 0 || end > longest || numbers.len() == 4 {
            return None;
        }
        numbers.push(rest[..end].parse().ok()?);
        rest = &rest[end..];
        match rest.strip_prefix('.') {
            Some(more) if more.starts_with(|c: char| c.is_ascii_digit()) => rest = more,
            _ => return Some((numbers, rest)),
        }
    }
}

/// The suffix without its separator, none if `rest` is no suffix.
fn behind<'a>(numbers: &[u64], rest: &'a str) -> Option<&'a str> {
    match rest.chars().next() {
        None => Some(""),
        Some('-' | '_') => Some(&rest[1..]),
        // `5.3.0.RELEASE` and `5.3.0.M1`, as Java writes them; `1.4.x` is no version.
        Some('.') if is_java_qualifier(first_piece(&rest[1..])) => Some(&rest[1..]),
        // `3.13.0rc1`, as Python writes it.
        Some(_) if numbers.len() > 1 && is_prerelease(first_piece(rest)) => Some(rest),
        Some(_) => None,
    }
}

fn first_piece(suffix: &str) -> &str {
    suffix.split(['-', '_']).next().unwrap_or_default()
}

fn is_java_qualifier(piece: &str) -> bool {
    is_prerelease(piece)
        || ["final", "ga", "release"].iter().any(|word| piece.eq_ignore_ascii_case(word))
}

/// True if a single number is a version, not the count of a build or part of a date.
fn is_lone_version(number: u64, behind: &str) -> bool {
    number < 100 && !is_numeric(first_piece(behind)) && suffix::read(behind).commit.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn semver(text: &str) -> Option<String> {
        Release::read(text).map(|release| release.semver().to_string())
    }

    #[test]
    fn what_stands_around_the_numbers_is_understood() {
        for (text, expected) in [
            ("1.4.0", "1.4.0"),
            ("v1.4.0", "1.4.0"),
            ("1.4", "1.4.0"),
            ("v1", "1.0.0"),
            ("16-alpine", "16.0.0"),
            ("8.1.3-alpine", "8.1.3"),
            ("2.1.3-accounting", "2.1.3"),
            ("1.4.0-rc10", "1.4.0-rc.10"),
            ("1.4.0-SNAPSHOT", "1.4.0-snapshot"),
            ("5.3.0.RELEASE", "5.3.0"),
            ("5.3.0.M1", "5.3.0-m.1"),
            ("3.13.0rc1", "3.13.0-rc.1"),
            ("3.13b2-slim", "3.13.0-b.2"),
            ("1.4.0-1", "1.4.0-1"),
            ("1.4.0+build.5", "1.4.0+build.5"),
            ("1.4.0-3-gabc1234", "1.4.0+3.gabc1234"),
            ("1.4.0-abc1234", "1.4.0"),
            ("1.2.3.4", "1.2.3+4"),
            ("2024.01.15", "2024.1.15"),
        ] {
            assert_eq!(semver(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_made_to_fit() {
        for text in [
            "",
            "v",
            "latest",
            "512",
            "512-alpine",
            "42-abc1234",
            "12-20240115",
            "20240115",
            "20240115.3",
            "1.2.3.4.5",
            "1.",
            "1.x",
            "1a2b3c4",
            "f1.1",
            "1 .4",
            "１.４",
        ] {
            assert_eq!(semver(text), None, "{text}");
        }
    }

    #[test]
    fn a_partial_version_has_no_order_with_what_it_covers() {
        let order =
            |one, other| Release::read(one).unwrap().precedence(&Release::read(other).unwrap());
        assert_eq!(order("1.4", "1.5.0"), Some(Ordering::Less));
        assert_eq!(order("1.4", "1.4.1"), None);
        assert_eq!(order("1.4.0-rc9", "1.4.0-rc10"), Some(Ordering::Less));
        assert_eq!(order("1.4.0-rc10", "1.4.0-alpine"), Some(Ordering::Less));
    }
}
