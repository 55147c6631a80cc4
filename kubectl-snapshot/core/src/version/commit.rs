//! Git commit ids: recognition, and comparison of abbreviated ones.

/// The shortest abbreviation that git prints of itself.
pub(crate) const SHORTEST_COMMIT: usize = 7;
/// The length of a whole commit id.
const WHOLE: usize = 40;
/// The length of a whole commit id in a repository of SHA-256.
const WHOLE_SHA_256: usize = 64;
/// The length of an MD5 in hexadecimal digits, which no tool abbreviates a commit to.
const MD5: usize = 32;

/// The words that announce a commit: `sha-abc1234`.
const MARKERS: [&str; 3] = ["sha", "git", "commit"];

/// True if `text` has the shape of a commit id, whole or abbreviated.
pub(crate) fn is_commit_id(text: &str) -> bool {
    (SHORTEST_COMMIT..=WHOLE).contains(&text.len())
        && text.len() != MD5
        && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The commit id that an author has written, whole or abbreviated: of SHA-1 or SHA-256.
#[must_use]
pub fn commit_id(text: &str) -> Option<&str> {
    let id = text.trim();
    let length = SHORTEST_COMMIT..=WHOLE_SHA_256;
    (length.contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit())).then_some(id)
}

/// True if `text`, with nothing around it, is a commit rather than a number.
pub(super) fn is_commit(text: &str) -> bool {
    is_commit_id(text) && (text.len() == WHOLE || text.bytes().any(|b| b.is_ascii_lowercase()))
}

/// The commit among the parts of a tag: of `main-abc1234`, `pr-7-abc1234`, `sha-abc1234`.
///
/// None where several parts could be one, and where the tag admits to be
/// `dirty`: what was built is then not what was committed.
pub(super) fn commit_in(tag: &str) -> Option<&str> {
    let parts: Vec<&str> = tag.split(['-', '_', '.']).collect();
    if parts.contains(&"dirty") {
        return None;
    }
    if let [marker, id] = parts[..]
        && MARKERS.contains(&marker)
        && is_commit_id(id)
    {
        return Some(id);
    }
    // Between other words a run of letters a to f may be a word itself.
    let mut commits = parts
        .into_iter()
        .filter(|part| is_commit(part) && part.bytes().any(|b| b.is_ascii_digit()));
    commits.next().filter(|_| commits.next().is_none())
}

/// True if two ids, either of them whole or abbreviated, name one commit.
#[must_use]
pub fn same_commit(one: &str, other: &str) -> bool {
    let shared = one.len().min(other.len());
    shared >= SHORTEST_COMMIT
        && one.as_bytes()[..shared].eq_ignore_ascii_case(&other.as_bytes()[..shared])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_may_write_an_id_of_either_hash() {
        for id in ["3f2a91c", "3F2A91C", &"ab".repeat(20), &"ab".repeat(32)] {
            assert_eq!(commit_id(&format!(" {id}\n")), Some(id));
        }
        for text in ["", "3f2a91", "main", "r12345678", "3f2a91c dirty", &"ab".repeat(33)] {
            assert_eq!(commit_id(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_or_another_hash_is_no_commit() {
        assert!(is_commit("abc1234"));
        assert!(is_commit(&"1".repeat(40)));
        for text in [
            "",
            "abc123",
            "1234567",
            "20240115",
            "ABC1234",
            "abc123g",
            &"a".repeat(64),
            &"a".repeat(32),
        ] {
            assert!(!is_commit(text), "{text}");
        }
    }

    #[test]
    fn a_commit_is_found_among_the_parts() {
        assert_eq!(commit_in("main-abc1234"), Some("abc1234"));
        assert_eq!(commit_in("pr-7_abc1234.x"), Some("abc1234"));
        assert_eq!(commit_in("sha-1234567"), Some("1234567"));
        assert_eq!(commit_in("main-defaced"), None);
        assert_eq!(commit_in("abc1234-def5678"), None);
        assert_eq!(commit_in("abc1234-dirty"), None);
        assert_eq!(commit_in(&format!("sha256-{}.sig", "a1".repeat(32))), None);
    }

    #[test]
    fn an_abbreviation_names_the_whole() {
        let whole = "abc1234def5678abc1234def5678abc1234def56";
        assert!(same_commit("abc1234", whole) && same_commit(whole, "ABC1234D"));
        assert!(
            !same_commit("abc123", whole) && !same_commit("abc1235", whole) && !same_commit("", "")
        );
    }
}
