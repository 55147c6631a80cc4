//! Words that make a version a pre-release, in one spelling that sorts.

/// Words that announce a version before the one they stand behind.
const WORDS: [&str; 27] = [
    "alpha",
    "beta",
    "canary",
    "cr",
    "dev",
    "develop",
    "development",
    "ea",
    "edge",
    "experimental",
    "feature",
    "insiders",
    "main",
    "master",
    "milestone",
    "next",
    "nightly",
    "pr",
    "pre",
    "prerelease",
    "preview",
    "pullrequest",
    "rc",
    "snapshot",
    "trunk",
    "unstable",
    "wip",
];

/// Letters that do so only with a number: `m1`, `a2`, `b3`.
const NUMBERED: [&str; 3] = ["a", "b", "m"];

/// True if `piece` is a pre-release's name, alone or with its number: `rc`, `rc1`,
/// `beta.2`.
pub(super) fn is_prerelease(piece: &str) -> bool {
    let mut identifiers = Vec::new();
    push_identifiers(piece, &mut identifiers);
    let is_number = |text: &String| text.bytes().all(|b| b.is_ascii_digit());
    let is_announced = |position: usize| {
        let word = identifiers[position].as_str();
        WORDS.contains(&word)
            || (NUMBERED.contains(&word) && identifiers.get(position + 1).is_some_and(is_number))
    };
    let mut words =
        (0..identifiers.len()).filter(|position| !is_number(&identifiers[*position])).peekable();
    words.peek().is_some() && words.all(is_announced)
}

/// True if `piece` has only digits and dots, and a digit.
pub(super) fn is_numeric(piece: &str) -> bool {
    piece.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && piece.bytes().any(|b| b.is_ascii_digit())
}

/// Adds the identifiers of `piece`: lower case, with numbers of their own, so
/// that `RC10` sorts after `rc9`.
pub(super) fn push_identifiers(piece: &str, identifiers: &mut Vec<String>) {
    for part in piece.split('.').filter(|part| !part.is_empty()) {
        let letters = part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len());
        let (word, number) = part.split_at(letters);
        if !word.is_empty() {
            identifiers.push(word.to_ascii_lowercase());
        }
        if !number.is_empty() {
            let significant = number.trim_start_matches('0');
            identifiers.push(if significant.is_empty() { "0" } else { significant }.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_flavours() {
        for piece in [
            "rc", "rc1", "RC10", "rc.1", "beta", "beta.2.1", "SNAPSHOT", "m1", "M2", "dev3", "ea",
            "b3",
        ] {
            assert!(is_prerelease(piece), "{piece}");
        }
        for piece in [
            "alpine",
            "alpine3.18",
            "m",
            "a",
            "prefect",
            "rcs",
            "rc1x",
            "r5",
            "debian",
            "accounting",
            "jre",
            "",
        ] {
            assert!(!is_prerelease(piece), "{piece}");
        }
    }

    #[test]
    fn numbers_become_identifiers_of_their_own() {
        let identifiers = |piece| {
            let mut identifiers = Vec::new();
            push_identifiers(piece, &mut identifiers);
            identifiers.join(".")
        };
        assert_eq!(identifiers("RC10"), "rc.10");
        assert_eq!(identifiers("rc.1"), "rc.1");
        assert_eq!(identifiers("beta007"), "beta.7");
        assert_eq!(identifiers("0.00"), "0.0");
    }
}
