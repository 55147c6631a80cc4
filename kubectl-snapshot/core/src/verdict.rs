//! What policies say, and what follows from all of it together.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    digest::Digest,
    policy::{Mode, Settings},
    requirement::Subject,
};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a thought; does not stop anything.
    Warning,
    /// The policy could not decide: fails closed.
    Undecided,
    /// Must not be.
    Deny,
}

/// One thing a policy has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// Short and stable, for machines: `flag-requirement-unmet`.
    pub code: String,
    /// For people: names, and the facts found.
    pub message: String,
    /// What it is about.
    pub subjects: Vec<Subject>,
    /// What the reader can do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// What became of asking one policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "camelCase")]
pub enum Outcome {
    /// It answered.
    Decided {
        /// What it said; nothing is a yes.
        findings: Vec<Finding>,
    },
    /// It trapped, ran out of time or memory, gave up, or could not be loaded.
    Undecided {
        /// Why, and what to do.
        reason: String,
    },
    /// It does not make this decision.
    NotAsked {
        /// Which decisions it makes instead.
        reason: String,
    },
}

/// One policy's part in a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyReport {
    /// The policy's name.
    pub policy: String,
    /// The digest of its bytes, where they could be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// What was to be decided: `compatibility` or `promotion`.
    pub decision: String,
    /// The digest of the question that it was asked, its settings included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question_digest: Option<Digest>,
    /// What it was told besides the question.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
    /// What its findings weigh.
    #[serde(default, skip_serializing_if = "Mode::is_enforce")]
    pub mode: Mode,
    /// What it said.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What follows from all findings together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing speaks against it.
    Allow,
    /// Something is worth a thought.
    Warn,
    /// Something could not be decided.
    Undecided,
    /// Something must not be.
    Deny,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Undecided => "undecided",
            Self::Deny => "deny",
        })
    }
}

/// The verdict over all policies: the gravest thing that any of them said.
///
/// A set that no policy looked at is allowed: the reports say that none did.
#[must_use]
pub fn verdict(reports: &[PolicyReport]) -> Verdict {
    reports.iter().map(of_one).max().unwrap_or(Verdict::Allow)
}

fn of_one(report: &PolicyReport) -> Verdict {
    let says = said(&report.outcome);
    match report.mode {
        Mode::Enforce => says,
        Mode::Warn => says.min(Verdict::Warn),
    }
}

fn said(outcome: &Outcome) -> Verdict {
    match outcome {
        Outcome::NotAsked { .. } => Verdict::Allow,
        Outcome::Undecided { .. } => Verdict::Undecided,
        Outcome::Decided { findings } => findings
            .iter()
            .map(|finding| match finding.severity {
                Severity::Info => Verdict::Allow,
                Severity::Warning => Verdict::Warn,
                Severity::Undecided => Verdict::Undecided,
                Severity::Deny => Verdict::Deny,
            })
            .max()
            .unwrap_or(Verdict::Allow),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(severities: &[Severity]) -> PolicyReport {
        let finding = |severity: &Severity| Finding {
            severity: *severity,
            code: "c".into(),
            message: "m".into(),
            subjects: Vec::new(),
            hint: None,
        };
        PolicyReport {
            policy: "p".into(),
            digest: None,
            decision: "compatibility".into(),
            question_digest: None,
            settings: Settings::default(),
            mode: Mode::Enforce,
            outcome: Outcome::Decided { findings: severities.iter().map(finding).collect() },
        }
    }

    #[test]
    fn the_gravest_finding_decides() {
        assert_eq!(verdict(&[]), Verdict::Allow);
        assert_eq!(verdict(&[report(&[]), report(&[Severity::Info])]), Verdict::Allow);
        assert_eq!(verdict(&[report(&[Severity::Warning, Severity::Info])]), Verdict::Warn);
        assert_eq!(
            verdict(&[report(&[Severity::Deny]), report(&[Severity::Undecided])]),
            Verdict::Deny
        );
    }

    #[test]
    fn a_policy_that_only_warns_stops_nothing() {
        let warns =
            |severities: &[Severity]| PolicyReport { mode: Mode::Warn, ..report(severities) };
        assert_eq!(verdict(&[warns(&[Severity::Deny])]), Verdict::Warn);
        assert_eq!(verdict(&[warns(&[Severity::Undecided])]), Verdict::Warn);
        assert_eq!(verdict(&[warns(&[Severity::Info])]), Verdict::Allow);
        assert_eq!(verdict(&[warns(&[Severity::Deny]), report(&[Severity::Deny])]), Verdict::Deny);
    }

    #[test]
    fn a_policy_that_failed_is_undecided() {
        let failed =
            PolicyReport { outcome: Outcome::Undecided { reason: "time".into() }, ..report(&[]) };
        assert_eq!(verdict(&[report(&[Severity::Warning]), failed]), Verdict::Undecided);
    }
}
