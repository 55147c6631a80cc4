//! The part of a version that both ends of a call share.

use crate::settings::Zero;
use semver::Version;

/// The versions that understand each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Line {
    /// Versions with one major number.
    Major(u64),
    /// Versions below 1.0.0 with one minor number.
    Minor(u64),
}

/// The first numbers of versions that are dates.
const YEARS: std::ops::RangeInclusive<u64> = 1990..=2100;

impl Line {
    /// Line of a version; none for what is no semantic version, and for a date: that the
    /// year changes says nothing.
    pub(crate) fn of(version: &str, zero: Zero) -> Option<Self> {
        let version = Version::parse(version).ok()?;
        match (version.major, zero) {
            (0, Zero::Minor) => Some(Self::Minor(version.minor)),
            (year, _) if YEARS.contains(&year) => None,
            (major, _) => Some(Self::Major(major)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(version: &str) -> Option<Line> {
        Line::of(version, Zero::Minor)
    }

    #[test]
    fn the_number_that_may_break_is_told() {
        assert_eq!(line("1.4.0"), Some(Line::Major(1)));
        assert_eq!(line("2.0.0-rc.1+3.gabc1234"), Some(Line::Major(2)));
        assert_eq!(line("0.4.1"), Some(Line::Minor(4)));
        assert_ne!(line("0.1.0"), line("1.0.0"));
        assert_eq!(Line::of("0.4.1", Zero::Major), Some(Line::Major(0)));
    }

    #[test]
    fn what_is_no_semantic_version_has_none() {
        for version in ["2024.1.15", "3f2a91c", "1.4", "latest", "", "99999999999999999999.0.0"] {
            assert_eq!(line(version), None, "{version}");
        }
    }
}
