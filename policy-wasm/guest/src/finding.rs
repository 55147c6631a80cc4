//! Findings, each made in one expression.

use crate::{Finding, Severity, Subject};
use std::fmt;

impl Finding {
    /// The set must not go on.
    ///
    /// `code` is short, stable and for machines: `flag-requirement-unmet`;
    /// `message` is one sentence for people.
    #[must_use]
    pub fn deny(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Deny, code, message)
    }

    /// Worth a look before going on.
    #[must_use]
    pub fn warning(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Worth knowing.
    #[must_use]
    pub fn info(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code, message)
    }

    /// A fact is missing, and without it this cannot be judged.
    #[must_use]
    pub fn undecided(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Undecided, code, message)
    }

    /// A finding whose severity is a matter of settings.
    #[must_use]
    pub fn new(severity: Severity, code: &str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code: code.to_owned(),
            message: message.into(),
            subjects: Vec::new(),
            hint: None,
        }
    }

    /// Adds what it is about; may be repeated.
    #[must_use]
    pub fn about(mut self, subject: impl Into<Subject>) -> Self {
        self.subjects.push(subject.into());
        self
    }

    /// Says what the reader can do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Severity in one word, as reports have it: `info`, `warning`, `undecided`, `deny`.
impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Undecided => "undecided",
            Self::Deny => "deny",
        })
    }
}

/// Finding in one line, for tests and for printing: `deny tax-too-old: tax runs 1.3.9`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.severity, self.code, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_it_is_said() {
        let finding = Finding::deny("flag-requirement-unmet", "tax is too old")
            .about(Subject::FeatureFlag("tax-call".to_owned()))
            .about(Subject::Service("tax".to_owned()))
            .hint("run tax >=1.4.0");
        assert_eq!(finding.severity, Severity::Deny);
        assert_eq!(finding.code, "flag-requirement-unmet");
        assert_eq!(finding.to_string(), "deny flag-requirement-unmet: tax is too old");
        assert_eq!(finding.subjects.len(), 2);
        assert_eq!(finding.hint.as_deref(), Some("run tax >=1.4.0"));
    }
}
