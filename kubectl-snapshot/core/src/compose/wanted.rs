//! Images that are wanted for a service, or words that lead to one.

use std::{fmt, str::FromStr};

use crate::{
    image::{ImageReference, is_tag},
    version::commit_id,
};

/// An image that a service is to run, or a word that leads to one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// An image of any repository: `registry.example/shop/cart:1.5.0`.
    Image(String),
    /// A tag of the repository that it runs: `tag:1.5.0`, `:1.5.0`.
    Tag(String),
    /// A digest in the repository that it runs: `@sha256:…`.
    Digest(String),
    /// A commit, whole or abbreviated: `commit:3f2a91c`.
    Commit(String),
    /// The head of a branch: `branch:main`.
    Branch(String),
    /// A tag, a commit or a branch, whichever there is.
    Word(String),
}

/// Error: a text names nothing that a service can run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} names nothing that a service can run: {problem}")]
pub struct NotWanted {
    text: String,
    problem: &'static str,
}

impl FromStr for Wanted {
    type Err = NotWanted;

    fn from_str(text: &str) -> Result<Self, NotWanted> {
        read(text).map_err(|problem| NotWanted { text: text.chars().take(200).collect(), problem })
    }
}

fn read(text: &str) -> Result<Wanted, &'static str> {
    const EXPECTED: &str =
        "expected a tag, a commit, a branch, or an image such as registry:5000/shop/cart:1.5.0";
    let tag = |tag: &str| {
        let problem = "expected a tag of 1 to 128 letters, digits, '_', '.' and '-'";
        if is_tag(tag) { Ok(Wanted::Tag(tag.to_owned())) } else { Err(problem) }
    };
    if let Some(rest) = text.strip_prefix("tag:").or_else(|| text.strip_prefix(':')) {
        return tag(rest);
    }
    if let Some(rest) = text.strip_prefix("commit:") {
        let id = commit_id(rest).ok_or("expected a commit of 7 to 64 hexadecimal digits")?;
        return Ok(Wanted::Commit(id.to_ascii_lowercase()));
    }
    if let Some(rest) = text.strip_prefix("branch:") {
        return if is_branch(rest) {
            Ok(Wanted::Branch(rest.to_owned()))
        } else {
            Err("expected the name of a branch")
        };
    }
    if let Some(rest) = text.strip_prefix('@') {
        let image: ImageReference = format!("image@{rest}")
            .parse()
            .map_err(|_| "expected a digest such as sha256: and 64 hexadecimal digits")?;
        return Ok(Wanted::Digest(image.digest.unwrap_or_default()));
    }
    if text.contains([':', '@']) {
        let image: ImageReference = text.parse().map_err(|_| EXPECTED)?;
        return if image.tag.is_some() || image.digest.is_some() {
            Ok(Wanted::Image(text.to_owned()))
        } else {
            Err("expected a tag or a digest behind the repository")
        };
    }
    if is_branch(text) { Ok(Wanted::Word(text.to_owned())) } else { Err(EXPECTED) }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(text) | Self::Word(text) => f.write_str(text),
            Self::Tag(tag) => write!(f, "tag:{tag}"),
            Self::Digest(digest) => write!(f, "@{digest}"),
            Self::Commit(commit) => write!(f, "commit:{commit}"),
            Self::Branch(branch) => write!(f, "branch:{branch}"),
        }
    }
}

/// True if a text can name a branch, as far as it matters here: git decides.
fn is_branch(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && !text.starts_with(['-', '/', '.'])
        && !text.ends_with(['/', '.'])
        && !text.contains("..")
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_told_apart() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        for (text, expected) in [
            ("1.5.0".to_owned(), Wanted::Word("1.5.0".into())),
            ("feature/tax".into(), Wanted::Word("feature/tax".into())),
            (":1.5.0".into(), Wanted::Tag("1.5.0".into())),
            ("tag:main".into(), Wanted::Tag("main".into())),
            ("commit:3F2A91C".into(), Wanted::Commit("3f2a91c".into())),
            ("branch:feature/tax".into(), Wanted::Branch("feature/tax".into())),
            (format!("@{digest}"), Wanted::Digest(digest.clone())),
            ("cart:1.5".into(), Wanted::Image("cart:1.5".into())),
            ("r.example:5000/a/b:1".into(), Wanted::Image("r.example:5000/a/b:1".into())),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        for text in [
            "",
            " ",
            "a b",
            "tag:",
            "tag:a/b",
            "commit:x",
            "commit:abc",
            "branch:",
            "@sha256:1",
            "r.example:5000/a/b",
            "-x",
            "a..b",
            "{{ image }}",
            "x:",
        ] {
            assert!(text.parse::<Wanted>().is_err(), "{text}");
        }
    }
}
