//! Patterns: the services and images that a repository is for.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

use crate::ancestry::Software;

/// A service's name, or an image's repository; `*` stands for any characters.
///
/// Without a slash it is about the service, with one about the image: `shop/*` is
/// `shop/tax` of any registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

/// Error: a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no pattern: expected a service such as tax, or images such as shop/*")]
pub struct NotAPattern(String);

/// Weight of a match: one that names all of it goes before one that leaves a part open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weight {
    whole: bool,
    letters: usize,
}

impl Pattern {
    /// Weight of the pattern for some software; none where it does not match.
    pub(super) fn weight(&self, software: &Software) -> Option<Weight> {
        let Self(pattern) = self;
        let matches = if pattern.contains('/') {
            let behind_host = software.image.split_once('/').map(|(_, path)| path);
            [Some(software.image.as_str()), behind_host]
                .into_iter()
                .flatten()
                .any(|image| is_match(pattern, image))
        } else {
            is_match(pattern, &software.service)
        };
        let letters = pattern.bytes().filter(|byte| *byte != b'*').count();
        matches.then(|| Weight { whole: !pattern.contains('*'), letters })
    }
}

/// True if `text` is the pattern with something for each `*`.
///
/// Each piece is taken where it first fits, which leaves the most for those behind it.
fn is_match(pattern: &str, text: &str) -> bool {
    let Some((start, behind)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut rest) = text.strip_prefix(start) else { return false };
    let mut pieces: Vec<&str> = behind.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(end)
}

impl FromStr for Pattern {
    type Err = NotAPattern;

    fn from_str(text: &str) -> Result<Self, NotAPattern> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/*:[]".contains(c);
        if text.is_empty() || text.len() > 200 || !text.chars().all(allowed) {
            return Err(NotAPattern(text.chars().take(80).collect()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, service: &str, image: &str) -> bool {
        let software = Software { service: service.into(), image: image.into() };
        pattern.parse::<Pattern>().unwrap().weight(&software).is_some()
    }

    #[test]
    fn a_slash_tells_images_from_services() {
        assert!(matches("tax", "tax", "ghcr.io/shop/anything"));
        assert!(!matches("tax", "cart", "tax"));
        assert!(matches("shop-*", "shop-tax", "x"));
        assert!(matches("shop/*", "any", "shop/tax"));
        assert!(matches("shop/*", "any", "registry:5000/shop/tax"));
        assert!(matches("*/shop/*", "any", "ghcr.io/org/shop/tax"));
        assert!(matches("ghcr.io/shop/*", "any", "ghcr.io/shop/tax"));
        assert!(!matches("shop/*", "any", "ghcr.io/workshop/tax"));
        assert!(!matches("shop/tax", "any", "shop/tax-eu"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["", "a b", "tax;", "é", "--url\n"] {
            assert!(text.parse::<Pattern>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_star_stands_for_anything(pieces in prop::collection::vec("[ab]{0,3}", 1..4), fill in "[ab]{0,3}") {
            prop_assert!(is_match(&pieces.join("*"), &pieces.join(&fill)));
        }

        #[test]
        fn without_a_star_only_the_text_itself_matches(one in "[ab/]{0,4}", other in "[ab/]{0,4}") {
            prop_assert_eq!(is_match(&one, &other), one == other);
        }
    }
}
