//! Report of the doctor: findings, and what to do about them.

use serde::Serialize;

use super::counted::listed;
use crate::render::{Cell, Column, Detail, Line, Page, Report, Row, Table, Tone, page::Fit};

/// Findings and permissions.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DoctorReport {
    /// Finding of each check.
    pub findings: Vec<Finding>,
    /// Permissions of the user, a command each; empty where nobody could be asked.
    pub permissions: Vec<Permission>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Subject of the check: `cluster`, `store`.
    pub about: &'static str,
    /// Condition found.
    pub condition: Condition,
    /// Description of the finding.
    pub message: String,
    /// Next step for the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Condition of something that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    /// Good.
    Ok,
    /// Warning: something may be missed.
    Warning,
    /// Problem: something does not work.
    Problem,
}

/// Permission of the user to run a command.
#[derive(Clone, Debug, Serialize)]
pub struct Permission {
    /// The command.
    pub command: &'static str,
    /// True if nothing is missing.
    pub may: bool,
    /// The rights that are missing: `create configmaps in namespace shop`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

impl Finding {
    /// Finding that something is as it should be.
    pub fn ok(about: &'static str, message: impl Into<String>) -> Self {
        Self { about, condition: Condition::Ok, message: message.into(), hint: None }
    }

    /// Finding that something may be missed.
    pub fn warning(about: &'static str, message: impl Into<String>) -> Self {
        Self { condition: Condition::Warning, ..Self::ok(about, message) }
    }

    /// Finding that something does not work.
    pub fn problem(about: &'static str, message: impl Into<String>) -> Self {
        Self { condition: Condition::Problem, ..Self::ok(about, message) }
    }

    /// The finding, with what to do; what it says of that already comes first.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        self.hints(vec![hint.into()])
    }

    /// The finding, with several things to do.
    #[must_use]
    pub fn hints(self, hints: Vec<String>) -> Self {
        let hints: Vec<String> = self.hint.into_iter().chain(hints).collect();
        Self { hint: (!hints.is_empty()).then(|| hints.join("; ")), ..self }
    }
}

impl DoctorReport {
    /// True if something does not work.
    #[must_use]
    pub fn has_problems(&self) -> bool {
        self.count(Condition::Problem) > 0
    }

    fn count(&self, condition: Condition) -> usize {
        self.findings.iter().filter(|one| one.condition == condition).count()
    }
}

impl Report for DoctorReport {
    const KIND: &'static str = "DoctorReport";

    fn page(&self, page: &mut Page) {
        let mut checks = Table::new([
            Column::new("CHECK", Fit::Whole),
            Column::new("STATUS", Fit::Whole),
            Column::new("FOUND", Fit::Wrap),
        ]);
        checks.extend(self.findings.iter().map(|one| {
            let (tone, word) = match one.condition {
                Condition::Ok => (Tone::Good, "ok"),
                Condition::Warning => (Tone::Caution, "warning"),
                Condition::Problem => (Tone::Bad, "PROBLEM"),
            };
            let hint = one.hint.clone().map(|hint| Detail::Note(Line::from(hint)));
            Row::new([one.about.into(), Cell::toned(tone, word), one.message.clone().into()])
                .with(hint)
        }));
        page.table(checks);
        let mut permissions = Table::new([
            Column::new("COMMAND", Fit::Whole),
            Column::new("ALLOWED", Fit::Whole),
            Column::new("MISSING", Fit::Wrap),
        ]);
        permissions.extend(self.permissions.iter().map(|one| {
            let may = if one.may {
                Cell::toned(Tone::Good, "yes")
            } else {
                Cell::toned(Tone::Caution, "no")
            };
            [one.command.into(), may, one.missing.join("; ").into()]
        }));
        page.section("PERMISSIONS", permissions);
        let counts = listed([
            (self.count(Condition::Problem), "problem", "problems"),
            (self.count(Condition::Warning), "warning", "warnings"),
        ]);
        page.line(if counts.is_empty() {
            "Nothing is wrong.".to_owned()
        } else {
            counts.join(", ")
        });
    }

    /// Names of what does not work.
    fn names(&self) -> Vec<String> {
        let problems = self.findings.iter().filter(|one| one.condition == Condition::Problem);
        problems.map(|one| one.about.to_owned()).collect()
    }
}
