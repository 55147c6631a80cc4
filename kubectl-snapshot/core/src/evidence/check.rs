//! Validation of evidence: bounded length, and no hidden characters.

use super::{Evidence, METRIC};
use crate::visible;

/// The most characters of a kind.
const LONGEST_KIND: usize = 63;
/// The most characters of a name.
const LONGEST_NAME: usize = 200;
/// The most characters of a detail, and of a link.
pub const LONGEST_TEXT: usize = 2000;

/// Error: something cannot be evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// The kind is spelt as no kind is.
    #[error(
        "{0:?} cannot be a kind of evidence: use lower-case letters, digits and -, \
         begin with a letter, {LONGEST_KIND} characters at most"
    )]
    Kind(String),
    /// A part that must be there is empty.
    #[error("the {0} of evidence cannot be empty")]
    Empty(&'static str),
    /// A part is too long.
    #[error("the {part} of evidence has {found} characters, and may have {most}")]
    TooLong {
        /// Name of the part.
        part: &'static str,
        /// Length found, in characters.
        found: usize,
        /// Length allowed, in characters.
        most: usize,
    },
    /// A part has characters that a reader would not see.
    #[error("the {part} of evidence has characters that cannot be seen: {text}")]
    Hidden {
        /// Name of the part.
        part: &'static str,
        /// The text, with those characters written out.
        text: String,
    },
    /// The link leads nowhere.
    #[error("{0:?} is no link: expected http:// or https://, without blanks")]
    Link(String),
    /// A metric without a value.
    #[error("metric {0} has no value")]
    NoValue(String),
}

impl Evidence {
    /// Refuses what would not be readable, or not be one fact.
    pub fn check(&self) -> Result<(), EvidenceError> {
        let letter = |c: char| c.is_ascii_lowercase();
        let in_kind = |c: char| letter(c) || c.is_ascii_digit() || c == '-';
        if !self.kind.starts_with(letter)
            || !self.kind.chars().all(in_kind)
            || self.kind.len() > LONGEST_KIND
        {
            return Err(EvidenceError::Kind(self.kind.chars().take(80).collect()));
        }
        written("name", &self.name, LONGEST_NAME)?;
        written("actor", &self.actor, LONGEST_TEXT)?;
        if let Some(detail) = &self.detail {
            bounded("detail", detail, LONGEST_TEXT)?;
        }
        if let Some(link) = &self.link {
            bounded("link", link, LONGEST_TEXT)?;
            let known = link.starts_with("https://") || link.starts_with("http://");
            if !known || link.contains(|c: char| c.is_whitespace() || visible::is_hidden(c)) {
                return Err(EvidenceError::Link(link.clone()));
            }
        }
        if self.kind == METRIC && self.value.is_none() {
            return Err(EvidenceError::NoValue(self.name.clone()));
        }
        Ok(())
    }
}

fn written(part: &'static str, text: &str, most: usize) -> Result<(), EvidenceError> {
    if text.trim().is_empty() {
        return Err(EvidenceError::Empty(part));
    }
    bounded(part, text, most)?;
    if text.contains(visible::is_hidden) {
        return Err(EvidenceError::Hidden { part, text: visible::line(text).into_owned() });
    }
    Ok(())
}

fn bounded(part: &'static str, text: &str, most: usize) -> Result<(), EvidenceError> {
    match text.chars().count() {
        found if found > most => Err(EvidenceError::TooLong { part, found, most }),
        _ => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::evidence::{Outcome, TEST};

    pub(crate) fn fact(kind: &str, name: &str) -> Evidence {
        Evidence {
            kind: kind.to_owned(),
            name: name.to_owned(),
            outcome: Outcome::Passed,
            value: None,
            stage: None,
            actor: "ci".to_owned(),
            at: 1_760_000_000,
            detail: None,
            groups: None,
            link: None,
        }
    }

    #[test]
    fn a_fact_is_named_and_bounded() {
        assert_eq!(fact(TEST, "Kauf auf Rechnung (e2e)").check(), Ok(()));
        assert_eq!(fact("load-test", "k6").check(), Ok(()));
        for kind in ["", "Test", "a b", "-a", "1a", &"a".repeat(64)] {
            assert!(matches!(fact(kind, "e2e").check(), Err(EvidenceError::Kind(_))), "{kind}");
        }
        assert_eq!(fact(TEST, " ").check(), Err(EvidenceError::Empty("name")));
        let long = fact(TEST, &"ä".repeat(201)).check().unwrap_err();
        assert_eq!(long.to_string(), "the name of evidence has 201 characters, and may have 200");
        let hidden = fact(TEST, "e2e\u{1b}[2J").check().unwrap_err().to_string();
        assert!(hidden.ends_with(r"cannot be seen: e2e\u{1b}[2J"), "{hidden}");
        assert!(matches!(fact(METRIC, "p95").check(), Err(EvidenceError::NoValue(_))));
    }

    #[test]
    fn a_link_leads_somewhere() {
        let linked = |link: &str| Evidence { link: Some(link.to_owned()), ..fact(TEST, "e2e") };
        assert_eq!(linked("https://ci.example/runs/7").check(), Ok(()));
        for link in ["", "ci.example/7", "javascript:alert(1)", "https://a b", "https://a\n"] {
            assert!(matches!(linked(link).check(), Err(EvidenceError::Link(_))), "{link:?}");
        }
    }
}
