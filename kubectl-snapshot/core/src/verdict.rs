//! Findings of policies, and the verdict over all of them.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use super::{
    digest::Digest,
    policy::{Decision, Mode, Settings},
    requirement::Subject,
};

/// Severity of a finding.
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
    /// Severity.
    pub severity: Severity,
    /// Short and stable, for machines: `flag-requirement-unmet`.
    pub code: String,
    /// For people: names, and the facts found.
    pub message: String,
    /// Subjects of the finding: services, instances, flags.
    pub subjects: Vec<Subject>,
    /// Hint: what the reader can do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The policy's word that it may pass by itself, where it is undecided.
    #[serde(default, rename = "mayPass", skip_serializing_if = "Option::is_none")]
    pub may_pass: Option<MayPass>,
}

/// Word of a policy that a finding may pass by itself, with time or with what others still
/// record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MayPass {
    /// Time at which it will, in seconds since 1970, where time alone decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
}

/// Outcome of asking one policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "camelCase")]
pub enum Outcome {
    /// Answered.
    Decided {
        /// Findings; none means yes.
        findings: Vec<Finding>,
    },
    /// Undecided: it trapped, ran out of time or memory, gave up, or could not be loaded.
    Undecided {
        /// Reason, and what to do.
        reason: String,
    },
    /// Not asked: the policy does not make this decision.
    NotAsked {
        /// Decisions that it makes instead.
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
    /// Decision that it was asked for.
    pub decision: Decision,
    /// The digest of the question that it was asked, its settings included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question_digest: Option<Digest>,
    /// Settings of the policy.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
    /// Names of the ConfigMaps that it was told of.
    #[serde(default, rename = "configMaps", skip_serializing_if = "Vec::is_empty")]
    pub config_maps: Vec<String>,
    /// Mode of the binding.
    #[serde(default, skip_serializing_if = "Mode::is_enforce")]
    pub mode: Mode,
    /// Outcome of asking it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Verdict over all findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No finding against it.
    Allow,
    /// Warnings, and nothing graver.
    Warn,
    /// Undecided, and nothing denied.
    Undecided,
    /// Denied.
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

/// The reports without those that only say that a policy does not make one decision, where it
/// makes the other: in the order of the policies.
#[must_use]
pub fn without_repeated_abstentions(mut reports: Vec<PolicyReport>) -> Vec<PolicyReport> {
    let is_asked = |one: &PolicyReport| !matches!(one.outcome, Outcome::NotAsked { .. });
    let asked: BTreeSet<String> =
        reports.iter().filter(|one| is_asked(one)).map(|one| one.policy.clone()).collect();
    let mut seen = BTreeSet::new();
    reports.retain(|one| {
        is_asked(one) || (!asked.contains(&one.policy) && seen.insert(one.policy.clone()))
    });
    reports.sort_by(|a, b| (&a.policy, &a.decision).cmp(&(&b.policy, &b.decision)));
    reports
}

/// Findings that may pass by themselves, and nothing else in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Reasons to wait, in the policies' words.
    pub missing: String,
    /// Time before which it cannot pass, in seconds since 1970, where time alone decides of a
    /// part.
    pub not_before: Option<u64>,
}

/// Everything that is waited for; none where something is in the way that does not pass by
/// itself.
#[must_use]
pub fn pending(reports: &[PolicyReport]) -> Option<Pending> {
    let mut missing = Vec::new();
    let mut not_before = None;
    for report in reports.iter().filter(|report| of_one(report) >= Verdict::Undecided) {
        let Outcome::Decided { findings } = &report.outcome else { return None };
        for finding in findings.iter().filter(|finding| finding.severity >= Severity::Undecided) {
            let may_pass = finding.may_pass.filter(|_| finding.severity == Severity::Undecided)?;
            not_before = not_before.max(may_pass.at);
            missing.push(finding.message.clone());
        }
    }
    Some(Pending { missing: missing.join("; "), not_before })
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
            may_pass: None,
        };
        PolicyReport {
            policy: "p".into(),
            digest: None,
            decision: Decision::Compatibility,
            question_digest: None,
            settings: Settings::default(),
            config_maps: Vec::new(),
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

    #[test]
    fn what_may_pass_is_waited_for_and_nothing_else() {
        use Severity::{Deny, Undecided, Warning};
        let passing = |findings: &[(Severity, &str, Option<MayPass>)]| {
            let finding =
                |(severity, code, may_pass): &(Severity, &str, Option<MayPass>)| Finding {
                    severity: *severity,
                    code: (*code).to_owned(),
                    message: format!("{code}!"),
                    subjects: Vec::new(),
                    hint: None,
                    may_pass: *may_pass,
                };
            let findings = findings.iter().map(finding).collect();
            PolicyReport { outcome: Outcome::Decided { findings }, ..report(&[]) }
        };
        let of = |findings: &[(Severity, &str, Option<MayPass>)]| {
            pending(&[passing(findings), report(&[])]).map(|one| (one.missing, one.not_before))
        };
        let (whenever, at) = (Some(MayPass { at: None }), |at| Some(MayPass { at: Some(at) }));
        assert_eq!(
            of(&[(Undecided, "our-own-word", whenever), (Warning, "downgrade", None)]),
            Some(("our-own-word!".to_owned(), None))
        );
        assert_eq!(
            of(&[(Undecided, "a", at(7)), (Undecided, "b", at(5)), (Undecided, "c", whenever)]),
            Some(("a!; b!; c!".to_owned(), Some(7)))
        );
        // A code says nothing, and what denies does not pass.
        assert_eq!(of(&[(Undecided, "evidence-missing", None)]), None);
        assert_eq!(of(&[(Undecided, "a", whenever), (Deny, "b", None)]), None);
        assert_eq!(of(&[(Deny, "a", whenever)]), None);
        let failed =
            PolicyReport { outcome: Outcome::Undecided { reason: "time".into() }, ..report(&[]) };
        assert_eq!(pending(&[failed]), None);
    }

    #[test]
    fn a_policy_that_decides_something_need_not_abstain_from_the_rest() {
        let of = |policy: &str, decision, outcome: Outcome| PolicyReport {
            policy: policy.into(),
            decision,
            outcome,
            ..report(&[])
        };
        let abstains = || Outcome::NotAsked { reason: "promotion alone".into() };
        let decides = || Outcome::Decided { findings: Vec::new() };
        let reports = without_repeated_abstentions(vec![
            of("ladder", Decision::Promotion, decides()),
            of("ladder", Decision::Compatibility, abstains()),
            of("idle", Decision::Promotion, abstains()),
            of("idle", Decision::Compatibility, abstains()),
            of("flags", Decision::Compatibility, decides()),
        ]);
        let left: Vec<_> = reports.iter().map(|one| (one.policy.as_str(), one.decision)).collect();
        assert_eq!(
            left,
            [
                ("flags", Decision::Compatibility),
                ("idle", Decision::Promotion),
                ("ladder", Decision::Promotion)
            ]
        );
    }
}
