//! Report of a compatibility check.

use serde::Serialize;
use snapshot_core::{
    diff::Side,
    policy::Mode,
    requirement::Resolved,
    verdict::{Finding, Outcome, PolicyReport, Severity, Verdict, verdict},
};

use super::{counted, meanings, requirements, sides};
use crate::render::{
    Cell, Column, Detail, Line, Overview, Page, Report, Row, Table, Tone, page::Fit,
};

/// Verdict of the policies on a set.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckReport {
    /// The set.
    pub candidate: Side,
    /// Live set beside it during a rollout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Side>,
    /// Verdict over all findings.
    pub verdict: Verdict,
    /// Report of each policy.
    pub policies: Vec<PolicyReport>,
    /// Every requirement of the set, where the reader asked for an explanation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requirements: Option<Vec<Resolved>>,
}

impl Report for CheckReport {
    const KIND: &'static str = "CheckReport";

    fn page(&self, page: &mut Page) {
        page.overview(self.overview());
        page.title(self.sentence());
        if self.policies.is_empty() {
            page.line("No policy was asked.");
        } else {
            page.table(policies(&self.policies));
        }
        if let Some(resolved) = &self.requirements {
            if resolved.is_empty() {
                page.line("Nothing in the set requires anything.");
            } else {
                page.section("requirements", requirements::table(resolved));
            }
        }
    }

    /// The policies that have something against it.
    fn names(&self) -> Vec<String> {
        let against = self.policies.iter().filter(|one| of_one(one) != Verdict::Allow);
        against.map(|one| one.policy.clone()).collect()
    }
}

impl CheckReport {
    fn overview(&self) -> Overview {
        let answer = match self.verdict {
            Verdict::Allow => "Yes: no policy speaks against it.",
            Verdict::Warn => "Yes, but there are warnings to read first.",
            Verdict::Undecided => {
                "That is not decided: a policy could not tell, and that counts as no."
            }
            Verdict::Deny => "No: a policy speaks against it.",
        };
        let findings = |severity| {
            let all = self.policies.iter().flat_map(|one| match &one.outcome {
                Outcome::Decided { findings } => findings.as_slice(),
                _ => &[],
            });
            all.filter(|finding| finding.severity == severity).count()
        };
        let unable =
            self.policies.iter().filter(|one| matches!(one.outcome, Outcome::Undecided { .. }));
        let name = &self.candidate.name;
        let overview = Overview::new(format!("Does {name} work together?")).says(answer);
        let overview = match &self.against {
            Some(against) => overview.says(format!(
                "While it replaces {}, services of both run side by side: that was looked at too.",
                against.name
            )),
            None => overview,
        };
        overview
            .says(meanings::SNAPSHOT)
            .says(format!(
                "The rules that it is held to are called policies: {} asked.",
                counted(self.policies.len(), "policy was", "policies were")
            ))
            .counts(Tone::Bad, findings(Severity::Deny), "reason against it", "reasons against it")
            .counts(
                Tone::Unknown,
                findings(Severity::Undecided) + unable.count(),
                "question left open",
                "questions left open",
            )
            .counts(Tone::Caution, findings(Severity::Warning), "warning", "warnings")
    }

    fn sentence(&self) -> Line {
        let (word, tone, says) = match self.verdict {
            Verdict::Allow => ("ALLOWED", Tone::Good, "may run together"),
            Verdict::Warn => ("ALLOWED WITH WARNINGS", Tone::Caution, "may run together"),
            Verdict::Undecided => ("UNDECIDED", Tone::Unknown, "could not be decided on"),
            Verdict::Deny => ("DENIED", Tone::Bad, "may not run together"),
        };
        let line = Line::default().with(tone, word).plain("  ");
        let line = sides::named(line, &self.candidate.name, &self.candidate.digest)
            .plain(format!(" {says}"));
        match &self.against {
            Some(against) => {
                sides::named(line.plain(", while it replaces "), &against.name, &against.digest)
            }
            None => line,
        }
    }
}

/// A group for each policy, a row for each finding, the gravest first.
pub(super) fn policies(reports: &[PolicyReport]) -> Table {
    let mut table = Table::headless([
        Column::new("SEVERITY", Fit::Whole),
        Column::new("CODE", Fit::Middle),
        Column::new("ABOUT", Fit::Middle).wide(),
        Column::new("MESSAGE", Fit::Wrap),
    ])
    .grouped_by("POLICY")
    .meaning("What each policy has to say. deny is a no, warning is worth a look, undecided is an open question.");
    for report in reports {
        let (word, tone) = in_a_word(report);
        let title =
            Line::default().with(Tone::Strong, report.policy.clone()).plain("  ").with(tone, word);
        let title = match report.mode {
            Mode::Enforce => title,
            Mode::Warn => title.with(Tone::Muted, " (only warns)"),
        };
        match &report.outcome {
            Outcome::NotAsked { reason } | Outcome::Undecided { reason } => {
                table.group(None, title.plain(format!(": {reason}")));
            }
            Outcome::Decided { findings } => {
                table.group(None, title);
                let mut findings: Vec<&Finding> = findings.iter().collect();
                findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
                table.extend(findings.into_iter().map(row));
            }
        }
    }
    table
}

fn of_one(report: &PolicyReport) -> Verdict {
    verdict(std::slice::from_ref(report))
}

/// Verdict of one policy, in a word.
fn in_a_word(report: &PolicyReport) -> (&'static str, Tone) {
    if matches!(report.outcome, Outcome::NotAsked { .. }) {
        return ("not asked", Tone::Muted);
    }
    match of_one(report) {
        Verdict::Allow => ("allow", Tone::Good),
        Verdict::Warn => ("warn", Tone::Caution),
        Verdict::Undecided => ("undecided", Tone::Unknown),
        Verdict::Deny => ("deny", Tone::Bad),
    }
}

fn row(finding: &Finding) -> Row {
    let (word, tone) = match finding.severity {
        Severity::Info => ("info", Tone::Muted),
        Severity::Warning => ("warning", Tone::Caution),
        Severity::Undecided => ("undecided", Tone::Unknown),
        Severity::Deny => ("deny", Tone::Bad),
    };
    let subjects: Vec<String> = finding.subjects.iter().map(ToString::to_string).collect();
    let note = |word: &'static str, text: &str| {
        Line::default().with(Tone::Muted, word).plain(text.to_owned())
    };
    let hint = match (&finding.hint, finding.may_pass) {
        (Some(hint), None) => Some(note("hint: ", hint)),
        (Some(hint), Some(_)) => Some(note("may pass by itself; hint: ", hint)),
        (None, Some(_)) => Some(note("may pass by itself", "")),
        (None, None) => None,
    };
    Row::new([
        Cell::toned(tone, word),
        finding.code.clone().into(),
        subjects.join(", ").into(),
        finding.message.clone().into(),
    ])
    .with(hint.map(Detail::Note))
}
