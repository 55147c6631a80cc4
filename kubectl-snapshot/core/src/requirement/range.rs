//! Ranges of versions: `>=1.4, <2`.

use std::{cmp::Ordering, fmt};

use semver::{Prerelease, Version};

use super::fault::Fault;
use crate::version::{Recognised, is_year, recognise};

/// A range of versions: every one of its comparisons must hold.
///
/// Versions are compared by precedence, for the question is what runs, not what
/// a resolver may choose: 1.5.0-rc.1 satisfies `>=1.4`, which semver's own rule
/// for choosing dependencies would deny. Two bounds are strict: 1.4.0-rc.1 is
/// not yet 1.4.0, and 2.0.0-rc.1 is not below 2 any more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Range(Vec<Comparison>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Comparison {
    operator: Operator,
    /// One to three numbers.
    numbers: Vec<u64>,
    prerelease: Prerelease,
    /// The version as written.
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operator {
    Exact,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Tilde,
    Caret,
}

/// Longest first, so that `>=` is not read as `>`.
const OPERATORS: [(&str, Operator); 7] = [
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Exact),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
];

const COMPARISON: &str = "a comparison such as >=1.4, ^1.4, ~1.4, =1.4 or <2";
const VERSION: &str = "a version of one to three numbers such as 1.4 or 1.4.0-rc.1";

impl Range {
    /// Reads comparisons that commas separate.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let mut comparisons = Vec::new();
        let mut start = 0;
        for part in text.split(',') {
            comparisons.push(Comparison::read(part).map_err(|fault| fault.after(start))?);
            start += part.len() + 1;
        }
        Ok(Self(comparisons))
    }

    /// True if `version` lies within the range.
    #[must_use]
    pub fn contains(&self, version: &Version) -> bool {
        self.0.iter().all(|comparison| comparison.holds(version))
    }

    /// True if the range has an order with `version` at all: dates have none with other
    /// versions.
    pub(super) fn is_comparable(&self, version: &Version) -> bool {
        self.0.iter().all(|comparison| is_year(comparison.numbers[0]) == is_year(version.major))
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, Comparison { operator, text, .. }) in self.0.iter().enumerate() {
            let separator = if position > 0 { ", " } else { "" };
            write!(f, "{separator}{}{text}", operator.sign())?;
        }
        Ok(())
    }
}

impl Operator {
    fn sign(self) -> &'static str {
        OPERATORS.iter().find(|(_, operator)| *operator == self).map_or("", |(sign, _)| sign)
    }
}

impl Comparison {
    fn read(part: &str) -> Result<Self, Fault> {
        let text = part.trim_start();
        let (sign, operator) = OPERATORS
            .into_iter()
            .find(|(sign, _)| text.starts_with(sign))
            .ok_or(Fault { at: part.len() - text.len(), expected: COMPARISON })?;
        let text = text[sign.len()..].trim_start();
        let at = part.len() - text.len();
        let text = text.trim_end();
        let (numbers, prerelease) = version(text).ok_or(Fault { at, expected: VERSION })?;
        Ok(Self { operator, numbers, prerelease, text: text.to_owned() })
    }

    fn holds(&self, version: &Version) -> bool {
        let floor = self.floor();
        let precedence = version.cmp_precedence(&floor);
        let whole = self.numbers.len() == 3;
        match self.operator {
            Operator::Exact if whole => precedence.is_eq(),
            Operator::Greater if whole => precedence.is_gt(),
            Operator::LessOrEqual if whole => precedence.is_le(),
            Operator::Exact => precedence.is_ge() && is_below(version, &next(&self.numbers)),
            Operator::Greater => version.cmp_precedence(&next(&self.numbers)).is_ge(),
            Operator::LessOrEqual => is_below(version, &next(&self.numbers)),
            Operator::GreaterOrEqual => precedence.is_ge(),
            Operator::Less => is_below(version, &floor),
            Operator::Tilde => {
                precedence.is_ge()
                    && is_below(version, &next(&self.numbers[..self.numbers.len().min(2)]))
            }
            Operator::Caret => precedence.is_ge() && is_below(version, &next(self.compatible())),
        }
    }

    /// The lowest version that the text stands for.
    fn floor(&self) -> Version {
        Version { pre: self.prerelease.clone(), ..from_numbers(&self.numbers) }
    }

    /// The numbers that a compatible version shares: up to the first that is not zero.
    fn compatible(&self) -> &[u64] {
        let significant = self.numbers.iter().position(|number| *number > 0);
        &self.numbers[..significant.map_or(self.numbers.len(), |position| position + 1)]
    }
}

/// The numbers and pre-release of a version that has nothing else.
fn version(text: &str) -> Option<(Vec<u64>, Prerelease)> {
    match recognise(text) {
        Recognised::Counter(number) => Some((vec![number], Prerelease::EMPTY)),
        recognised => {
            let release = recognised.release()?;
            let plain = release.flavour.is_none()
                && release.commit.is_none()
                && release.build.is_none()
                && release.numbers.len() <= 3
                && (release.prerelease.is_empty() || release.numbers.len() == 3);
            plain.then(|| (release.numbers.clone(), release.prerelease.clone()))
        }
    }
}

fn from_numbers(numbers: &[u64]) -> Version {
    let number = |position: usize| numbers.get(position).copied().unwrap_or(0);
    Version::new(number(0), number(1), number(2))
}

/// The lowest version past all that begin with `numbers`.
fn next(numbers: &[u64]) -> Version {
    let mut numbers = numbers.to_vec();
    if let Some(last) = numbers.last_mut() {
        *last += 1;
    }
    from_numbers(&numbers)
}

/// True if `version` comes before `bound` and is no pre-release of it.
fn is_below(version: &Version, bound: &Version) -> bool {
    let numbers = |version: &Version| (version.major, version.minor, version.patch);
    let announces_bound = bound.pre.is_empty() && numbers(version) == numbers(bound);
    version.cmp_precedence(bound) == Ordering::Less && !announces_bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::semver_of;
    use proptest::prelude::*;
    use semver::VersionReq;

    fn contains(range: &str, tag: &str) -> bool {
        Range::read(range).unwrap().contains(&semver_of(tag).unwrap())
    }

    #[test]
    fn a_flavour_is_no_prerelease_and_a_prerelease_is_no_release() {
        assert!(contains(">=2.0.0", "2.1.3-accounting"));
        assert!(contains(">=1.4", "1.5.0-rc.1"));
        assert!(contains(">=1.4.0-rc.2", "1.4.0-rc10"));
        assert!(contains("<2.0.0-rc.2", "2.0.0-rc.1"));
        assert!(contains(">=1.4", "1.4.0-3-gabc1234"));
        assert!(contains(">=v1.4", "v1.4"));
        assert!(contains(">=2024.01", "2024.1.15"));
        assert!(contains(">=120", "121.0.3"));
        for range in [">=1.4.0", ">=1.4", "^1.4", "~1.4", "=1.4", "=1.4.0", ">1.4"] {
            assert!(!contains(range, "1.4.0-rc.1"), "{range}");
        }
        for range in ["<2", "<2.0", "<2.0.0", "^1.4", "<=1", "~1"] {
            assert!(!contains(range, "2.0.0-rc.1"), "{range}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused_where_it_goes_wrong() {
        for (text, at, expected) in [
            ("1.4", 0, COMPARISON),
            ("", 0, COMPARISON),
            (">=1.4, 2", 7, COMPARISON),
            (">=1.4,", 6, COMPARISON),
            ("!=1.4", 0, COMPARISON),
            (">=", 2, VERSION),
            (">= x", 3, VERSION),
            ("==1.4", 1, VERSION),
            (">=1.4 <2", 2, VERSION),
            (">=1.4.0-alpine", 2, VERSION),
            (">=1.4.*", 2, VERSION),
            (">=1.2.3.4", 2, VERSION),
            (">=1.4-rc.1", 2, VERSION),
            (">=abc1234", 2, VERSION),
        ] {
            assert_eq!(Range::read(text), Err(Fault { at, expected }), "{text}");
        }
    }

    #[test]
    fn dates_and_other_versions_have_no_order() {
        let comparable =
            |range, tag| Range::read(range).unwrap().is_comparable(&semver_of(tag).unwrap());
        assert!(comparable(">=1.4", "1.3.9") && comparable(">=2024.01", "2023.12.1"));
        assert!(!comparable(">=1.4", "2024.01.15") && !comparable(">=2024.01", "1.3.9"));
    }

    proptest! {
        #[test]
        fn releases_are_judged_as_semver_judges_them(
            sign in prop::sample::select(vec![">=", "<=", ">", "<", "=", "~", "^"]),
            numbers in "[0-2](\\.[0-2](\\.[0-2])?)?",
            version in "[0-3]\\.[0-3]\\.[0-3]",
        ) {
            let range = format!("{sign}{numbers}");
            let theirs = VersionReq::parse(&range).unwrap().matches(&Version::parse(&version).unwrap());
            prop_assert_eq!(contains(&range, &version), theirs, "{} {}", range, version);
        }
    }
}
