//! Redaction of what differs between two runs of one test.

use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Words for what changes from run to run: digests, times, names that tests
/// make up, paths, ports, ids.
///
/// Equal digests get equal numbers, so that a snapshot still tells which of
/// them are the same: `sha256:[1]`.
#[derive(Debug, Clone, Default)]
pub struct Redaction {
    words: Vec<(String, String)>,
}

/// Patterns in the order in which they apply, and what takes their place.
static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        // A namespace that `Namespace` made, by the hint it was made with.
        (r"\be2e-([a-z0-9-]+?)-[0-9a-f]{8}\b", "[$1]"),
        (r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "[uid]"),
        // RFC 3339, also with a blank, without seconds or zone.
        (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d|\b)", "[time]"),
        // A duration or age, and the padding after it, whose width depends on it.
        (r"\b(?:\d+[hm])?\d+(?:\.\d+)?(?:ms|µs|s)\b( {2,})?", "[duration]$1"),
        (r"\[duration\] {2,}", "[duration]  "),
        (r"\b(127\.0\.0\.1|localhost|\[::1\]):\d{4,5}\b", "$1:[port]"),
        // A fact about a snapshot: its digest, and that of what it says, its time included.
        (r"\bevidence\.[0-9a-f]{40}\.[0-9a-f]{16}\b", "evidence.[id]"),
        // A pod of a Deployment, or a Job's of a CronJob.
        (r"\b([a-z][a-z0-9-]*)-[a-z0-9]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b", "$1-[pod]"),
    ]
    .map(|(pattern, word)| (Regex::new(pattern).expect("patterns are constants"), word))
    .into()
});

/// A digest, in full or as a prefix.
static DIGEST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\bsha256:([0-9a-f]{6,64})\b|\b([0-9a-f]{64})\b").expect("a constant")
});

impl Redaction {
    /// Replaces a path, and everything that follows in the same folder keeps
    /// its name.
    #[must_use]
    pub fn path(self, path: &Path, word: &str) -> Self {
        self.word(&path.display().to_string(), word)
    }

    /// Replaces a word wherever it occurs.
    #[must_use]
    pub fn word(mut self, word: &str, replacement: &str) -> Self {
        self.words.push((word.to_owned(), replacement.to_owned()));
        self
    }

    /// The text without what differs between two runs.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (word, replacement) in &self.words {
            text = text.replace(word, replacement);
        }
        text = number_digests(&text);
        for (pattern, word) in PATTERNS.iter() {
            if let Cow::Owned(replaced) = pattern.replace_all(&text, *word) {
                text = replaced;
            }
        }
        text
    }
}

/// Numbers digests in the order in which they first appear. A short one has the
/// number of the one that it begins.
fn number_digests(text: &str) -> String {
    let digits = |found: &Captures<'_>| -> String {
        found.get(1).or(found.get(2)).map_or("", |digits| digits.as_str()).to_owned()
    };
    let mut known: Vec<String> = Vec::new();
    for found in DIGEST.captures_iter(text) {
        let digits = digits(&found);
        match known.iter_mut().find(|k| k.starts_with(&digits) || digits.starts_with(k.as_str())) {
            Some(same) if same.len() < digits.len() => *same = digits,
            Some(_) => {}
            None => known.push(digits),
        }
    }
    let number = |digits: &str| 1 + known.iter().position(|k| k.starts_with(digits)).unwrap_or(0);
    let numbered = DIGEST
        .replace_all(text, |found: &Captures<'_>| format!("sha256:[{}]", number(&digits(found))));
    // A bare prefix, as in a table's column, is one only if its digest is known.
    let bare = Regex::new(r"\b[0-9a-f]{8,63}\b").expect("a constant");
    let numbered = bare.replace_all(&numbered, |found: &Captures<'_>| {
        let digits = &found[0];
        if known.iter().any(|k| k.starts_with(digits)) {
            return format!("[{}]", number(digits));
        }
        digits.to_owned()
    });
    numbered.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        Redaction::default().path(Path::new("/tmp/state"), "[cluster]").apply(text)
    }

    #[test]
    fn equal_digests_have_equal_numbers() {
        let (one, two) = ("1f3a9c2b".repeat(8), "77".repeat(32));
        let text = format!("sha256:{one} {two} sha256:1f3a9c2b1f 1f3a9c2b1f3a sha256:777777");
        assert_eq!(redacted(&text), "sha256:[1] sha256:[2] sha256:[1] [1] sha256:[2]");
    }

    #[test]
    fn commits_and_versions_stay() {
        let text = "cart 3f2a91c0d4e5b6a7980123456789abcdef012345 3f2a91c0 1.8.0 12345678";
        assert_eq!(redacted(text), text);
    }

    #[test]
    fn times_and_ages_go() {
        assert_eq!(redacted("2026-11-22T06:42:39.123Z"), "[time]");
        assert_eq!(redacted("2026-11-22T06:42:39+01:00,"), "[time],");
        assert_eq!(redacted("at 2026-11-22 06:42 by"), "at [time] by");
        assert_eq!(
            redacted("done in 1.2s, 350ms, 2m13s"),
            "done in [duration], [duration], [duration]"
        );
        assert_eq!(redacted("9s     x\n13s    x"), "[duration]  x\n[duration]  x");
    }

    #[test]
    fn quantities_stay() {
        for text in ["cpu: 100m", "memory: 64Mi", "1.8.0", "1s1", "port 8080"] {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn made_up_names_go() {
        assert_eq!(redacted("e2e-prod-eu-0a1b2c3d/cart"), "[prod-eu]/cart");
        assert_eq!(redacted("pod cart-6d4b75cb6d-x7f2k is"), "pod cart-[pod] is");
        assert_eq!(redacted("uid 6f1de1c5-2c63-4d0c-8d5e-0a1b2c3d4e5f"), "uid [uid]");
        assert_eq!(redacted("https://127.0.0.1:45343/readyz"), "https://127.0.0.1:[port]/readyz");
        assert_eq!(redacted("open /tmp/state/x: no"), "open [cluster]/x: no");
    }
}
