//! Suffix behind a version's numbers: pre-release, flavour, commit, distance.

use super::{
    commit::{is_commit, is_commit_id},
    prerelease::{is_numeric, is_prerelease, push_identifiers},
};

/// Parts of the text behind a version's numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Suffix<'a> {
    /// Pre-release identifiers: `rc`, `1`.
    pub(super) prerelease: Vec<String>,
    /// Words that say how the image was made: `alpine`, `accounting`.
    pub(super) flavour: Vec<&'a str>,
    /// The commit it was built from.
    pub(super) commit: Option<&'a str>,
    /// Number of commits past the version's tag, as git describe counts.
    pub(super) distance: Option<u64>,
}

/// Reads the text behind a version's numbers.
///
/// What has no letters is what semver says it is, a pre-release; a word that
/// is not known to be a pre-release's is a flavour.
pub(super) fn read(text: &str) -> Suffix<'_> {
    let mut suffix = Suffix::default();
    let mut pieces = text.split(['-', '_']).filter(|piece| !piece.is_empty()).peekable();
    let mut may_number = true;
    while let Some(piece) = pieces.next() {
        if let Some(distance) = distance(piece)
            && let Some(commit) = pieces.peek().and_then(|next| described_commit(next))
        {
            pieces.next();
            suffix.distance = Some(distance);
            suffix.commit = Some(commit);
        } else if is_prerelease(piece) || (may_number && is_numeric(piece)) {
            push_identifiers(piece, &mut suffix.prerelease);
            continue;
        } else if suffix.commit.is_none()
            && is_commit(piece)
            && piece.bytes().any(|b| b.is_ascii_digit())
        {
            suffix.commit = Some(piece);
        } else {
            suffix.flavour.push(piece);
        }
        may_number = false;
    }
    if suffix.flavour.contains(&"dirty") {
        // What was built is not what was committed.
        suffix.commit = None;
    }
    suffix
}

fn distance(piece: &str) -> Option<u64> {
    piece.bytes().all(|b| b.is_ascii_digit()).then(|| piece.parse().ok())?
}

/// The commit in the last part of git describe's text, `gabc1234`.
fn described_commit(piece: &str) -> Option<&str> {
    piece.strip_prefix('g').filter(|id| is_commit_id(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(text: &str) -> (String, String, Option<&str>, Option<u64>) {
        let suffix = read(text);
        (suffix.prerelease.join("."), suffix.flavour.join("-"), suffix.commit, suffix.distance)
    }

    #[test]
    fn pieces_are_told_apart() {
        let cases = [
            ("alpine", ("", "alpine", None, None)),
            ("rc.1-alpine3.18", ("rc.1", "alpine3.18", None, None)),
            ("alpine-rc1", ("rc.1", "alpine", None, None)),
            ("beta-2", ("beta.2", "", None, None)),
            ("debian-11-r5", ("", "debian-11-r5", None, None)),
            ("0.20240115-1", ("0.20240115.1", "", None, None)),
            ("3-gabc1234", ("", "", Some("abc1234"), Some(3))),
            ("rc.1-3-gabc1234", ("rc.1", "", Some("abc1234"), Some(3))),
            ("3-gabc1234-dirty", ("", "dirty", None, Some(3))),
            ("abc1234", ("", "", Some("abc1234"), None)),
            ("SNAPSHOT-abc1234", ("snapshot", "", Some("abc1234"), None)),
            ("", ("", "", None, None)),
        ];
        for (text, (prerelease, flavour, commit, distance)) in cases {
            assert_eq!(
                summary(text),
                (prerelease.into(), flavour.into(), commit, distance),
                "{text}"
            );
        }
    }
}
