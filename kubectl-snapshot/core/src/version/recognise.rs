//! Recognition of a tag's version scheme.

use semver::Version;

use super::{
    commit::{commit_in, is_commit},
    release::Release,
    timestamp::Timestamp,
};

/// A tag, told apart by the scheme it follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognised<'a> {
    /// A semantic version: plain, with a `v`, partial, or with an image's flavour
    /// (`1.4.0`, `v1.4.0-rc.1`, `1.4`, `8.1.3-alpine`).
    Semantic(Release<'a>),
    /// Output of `git describe` between two versions: `1.4.0-3-gabc1234`.
    Described(Release<'a>),
    /// A version that is a date: `2024.01.15`.
    Calendar(Release<'a>),
    /// The count of a build: `512`.
    Counter(u64),
    /// A time of building: `main-20240115103000-abc1234`.
    Timestamped(Timestamp<'a>),
    /// A git commit, whole or abbreviated: `3f2a91c`, `sha-3f2a91c`, `main-3f2a91c`.
    Commit(&'a str),
    /// A name that moves from image to image: `latest`, `main`, `stable-alpine`.
    Floating,
    /// No tag: the image is named by its digest, or not at all.
    Untagged,
    /// Tag of no known scheme.
    Other,
}

/// Names that move from image to image.
const FLOATING: [&str; 30] = [
    "canary",
    "current",
    "default",
    "dev",
    "develop",
    "development",
    "devel",
    "edge",
    "head",
    "latest",
    "local",
    "lts",
    "main",
    "mainline",
    "master",
    "next",
    "nightly",
    "preview",
    "prod",
    "production",
    "qa",
    "release",
    "rolling",
    "snapshot",
    "stable",
    "staging",
    "test",
    "testing",
    "trunk",
    "unstable",
];

/// Tells which scheme `tag` follows; it never fails.
#[must_use]
pub fn recognise(tag: &str) -> Recognised<'_> {
    if tag.is_empty() {
        return Recognised::Untagged;
    }
    // First of all, for `1e10234` begins like a number.
    if is_commit(tag) {
        return Recognised::Commit(tag);
    }
    if let Some(release) = Release::read(tag) {
        return match release {
            release if release.distance.is_some() => Recognised::Described(release),
            release if release.is_calendar() => Recognised::Calendar(release),
            release => Recognised::Semantic(release),
        };
    }
    if let Some(count) = counter(tag) {
        return Recognised::Counter(count);
    }
    if let Some(timestamp) = Timestamp::read(tag) {
        return Recognised::Timestamped(timestamp);
    }
    if let Some(commit) = commit_in(tag) {
        return Recognised::Commit(commit);
    }
    let name = tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase();
    if FLOATING.contains(&name.as_str()) { Recognised::Floating } else { Recognised::Other }
}

/// A count of builds: more digits than a version's, fewer than a commit's or a date's.
fn counter(tag: &str) -> Option<u64> {
    ((3..=6).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_digit()))
        .then(|| tag.parse().ok())?
}

impl<'a> Recognised<'a> {
    /// Release numbers, where the tag is a version made of them.
    #[must_use]
    pub fn release(&self) -> Option<&Release<'a>> {
        match self {
            Self::Semantic(release) | Self::Described(release) | Self::Calendar(release) => {
                Some(release)
            }
            _ => None,
        }
    }

    /// The semantic version it stands for.
    #[must_use]
    pub fn semver(&self) -> Option<Version> {
        self.release().map(Release::semver)
    }

    /// The git commit it names.
    #[must_use]
    pub fn commit(&self) -> Option<&'a str> {
        match self {
            Self::Commit(commit) => Some(commit),
            Self::Timestamped(timestamp) => timestamp.commit,
            _ => self.release()?.commit,
        }
    }

    /// True if the tag stands for one version, rather than for whichever is current.
    #[must_use]
    pub fn names_a_version(&self) -> bool {
        !matches!(self, Self::Floating | Self::Untagged | Self::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::{commit_of, semver_of};
    use proptest::prelude::*;

    fn scheme(tag: &str) -> &'static str {
        match recognise(tag) {
            Recognised::Semantic(_) => "semantic",
            Recognised::Described(_) => "described",
            Recognised::Calendar(_) => "calendar",
            Recognised::Counter(_) => "counter",
            Recognised::Timestamped(_) => "timestamped",
            Recognised::Commit(_) => "commit",
            Recognised::Floating => "floating",
            Recognised::Untagged => "untagged",
            Recognised::Other => "other",
        }
    }

    #[test]
    fn schemes_are_told_apart() {
        let hash = "a1".repeat(32);
        for (expected, tags) in [
            (
                "semantic",
                &[
                    "1.4.0",
                    "v1.4.0",
                    "1.4",
                    "7.2-alpine",
                    "8.1.3-alpine",
                    "1.4.0-rc10",
                    "16",
                    "v1",
                    "1.4.0-abc1234",
                ][..],
            ),
            ("described", &["1.4.0-3-gabc1234", "v1.4.0-rc.1-3-gabc1234"]),
            ("calendar", &["2024.01.15", "2024.1", "v2024.01.15-alpine"]),
            ("counter", &["512", "123456"]),
            (
                "timestamped",
                &["20240115", "main-20240115103000", "20240115103000-abc1234", "v20240115-abc1234"],
            ),
            ("commit", &["abc1234", "1e10234", "sha-abc1234", "main-abc1234", "42-abc1234"]),
            ("floating", &["latest", "main", "stable", "stable-alpine", "Latest"]),
            ("untagged", &[""]),
            (
                "other",
                &[
                    "1234567",
                    "alpine",
                    "f1.1",
                    "abc1234-dirty",
                    "12345678901234",
                    &hash,
                    "ünïcode-1",
                ],
            ),
        ] {
            for tag in tags {
                assert_eq!(scheme(tag), expected, "{tag}");
            }
        }
    }

    #[test]
    fn commits_come_out_of_every_scheme() {
        for (tag, commit) in [
            ("1.4.0-3-gabc1234", Some("abc1234")),
            ("1.4.0-abc1234", Some("abc1234")),
            ("1.4.0-main.abc1234", Some("abc1234")),
            ("1.4.0-3-gabc1234-dirty", None),
            ("main-20240115-abc1234", Some("abc1234")),
            ("sha-abc1234", Some("abc1234")),
            ("abc1234", Some("abc1234")),
            ("1.4.0", None),
            ("1234567", None),
            ("20240115", None),
        ] {
            assert_eq!(commit_of(tag), commit, "{tag}");
        }
    }

    #[test]
    fn a_number_that_is_no_version_has_none() {
        for tag in ["512", "1234567", "20240115", "abc1234", "latest", "", "main-abc1234"] {
            assert_eq!(semver_of(tag), None, "{tag}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_recognised(tag in "\\PC{0,60}|[v0-9a-gT.Z+_-]{0,40}|.{0,20}") {
            let recognised = recognise(&tag);
            prop_assert!(recognised.commit().is_none_or(|commit| tag.contains(commit)));
            let _ = recognised.semver();
        }

        #[test]
        fn what_was_normalised_stays_as_it_is(tag in "v?[0-9]{1,4}(\\.[0-9]{1,3}){1,3}([-_.][a-z0-9.]{1,6}){0,3}|[0-9.a-z+-]{3,20}") {
            if let Some(version) = semver_of(&tag) {
                prop_assert_eq!(semver_of(&version.to_string()), Some(version));
            }
        }

        #[test]
        fn a_semantic_version_stands_for_itself(major in 0..1990_u64, minor: u32, patch: u32) {
            let tag = format!("{major}.{minor}.{patch}");
            prop_assert_eq!(semver_of(&tag).unwrap().to_string(), tag);
        }
    }
}
