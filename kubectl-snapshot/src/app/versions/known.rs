//! A version that is known, and which of two is newer.

use std::{cmp::Reverse, collections::BTreeSet};

use snapshot_core::{ancestry::Position, git_repository::GitRepository, version::semver_of};

use crate::sources::git;

/// A version of a service that can be had, or that runs somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownVersion {
    /// Repository of the image.
    pub repository: String,
    /// The image's tag; none where only a digest names it.
    pub tag: Option<String>,
    /// The image's digest, where it is known.
    pub digest: Option<String>,
    /// The commit that it is built from.
    pub commit: Option<String>,
    /// Time of the build, as the builder said.
    pub created: Option<String>,
    /// Stages and snapshots that run it: `stage:prod`, `rel-42`.
    pub runs: BTreeSet<String>,
    /// True where the registry has it; none where it was not asked.
    pub is_there: Option<bool>,
    /// Position of the commit, where git knows it.
    pub position: Option<Position>,
    /// Place of the commit in its history: whatever it contains has a lower one.
    pub(super) rank: Option<u32>,
}

impl KnownVersion {
    /// Key by which the newest goes first: by the history of its commit, else by its version, else
    /// by its time.
    pub(super) fn newest_first(&self) -> impl Ord + use<> {
        let version = self.tag.as_deref().and_then(semver_of);
        Reverse((self.rank, version, self.created.clone(), self.tag.clone(), self.digest.clone()))
    }
}

/// The versions, with the place of each in the history of a repository, where it has it.
pub(super) async fn ranked(git: &GitRepository, mut known: Vec<KnownVersion>) -> Vec<KnownVersion> {
    let commits: Vec<String> = known.iter().filter_map(|one| one.commit.clone()).collect();
    let mut ranks = git::ranks(git, commits).await.into_iter();
    for one in known.iter_mut().filter(|one| one.commit.is_some()) {
        one.rank = ranks.next().and_then(Result::ok);
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_goes_before_versions_and_versions_before_times() {
        let one = |tag: &str, rank: Option<u32>, created: &str| KnownVersion {
            tag: Some(tag.to_owned()),
            rank,
            created: Some(created.to_owned()),
            ..KnownVersion::default()
        };
        let mut all = [
            one("1.9.0", None, "2024-01-01"),
            one("1.10.0", None, "2024-01-01"),
            one("stable", None, "2024-01-02"),
            one("nightly", None, "2024-01-03"),
            one("1.0.0", Some(7), "2023-01-01"),
            one("2.0.0", Some(3), "2024-01-01"),
        ];
        all.sort_by_cached_key(KnownVersion::newest_first);
        let tags: Vec<&str> = all.iter().filter_map(|one| one.tag.as_deref()).collect();
        assert_eq!(tags, ["1.0.0", "2.0.0", "1.10.0", "1.9.0", "nightly", "stable"]);
    }
}
