//! Report of a promotion or rollback: the decision, and its outcome.

use serde::Serialize;
use snapshot_core::{
    diff::Side,
    name::StageName,
    outcome::Outcome,
    plan::{Plan, Plans},
    record::{Operation, Ruling},
    verdict::{PolicyReport, Verdict},
};

use super::{ApplyReport, PartsApplyReport, PartsPlan, check, sides};
use crate::render::{Line, Page, Report, Tone};

/// Decision on a promotion or rollback, and its outcome.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PromotionReport {
    /// The stage.
    pub stage: StageName,
    /// Operation: promotion or rollback.
    #[serde(rename = "way")]
    pub operation: Operation,
    /// Snapshot that is to run there.
    pub snapshot: Side,
    /// Snapshot that ran there.
    pub running: Side,
    /// Decision: approved, overridden or refused.
    pub decision: Ruling,
    /// Verdict over all findings.
    pub verdict: Verdict,
    /// Reason, in the actor's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Report of each policy.
    pub policies: Vec<PolicyReport>,
    /// The writes, for machines: people have seen them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanReport>,
    /// True where nothing is written, and what its own deployer brings is waited for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub awaited: bool,
    /// The numbers of the records that were written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<u64>,
    /// Report of the apply, for machines: people are shown it by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied: Option<AppliedReport>,
}

/// A plan for machines: of one namespace, or of each part.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum PlanReport {
    /// The plan of one namespace.
    One(Box<Plan>),
    /// The plans of the parts.
    Parts(Box<PartsPlan>),
}

impl From<Plans> for PlanReport {
    fn from(plans: Plans) -> Self {
        match plans.one() {
            Some(plan) => Self::One(Box::new(plan.clone())),
            None => Self::Parts(Box::new(plans.into())),
        }
    }
}

/// The report of an apply for machines: to one namespace, or to each part's.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum AppliedReport {
    /// The report of one namespace.
    One(Box<ApplyReport>),
    /// The report of all parts.
    Parts(Box<PartsApplyReport>),
}

impl From<Outcome> for AppliedReport {
    fn from(outcome: Outcome) -> Self {
        match outcome.into_one() {
            Ok(one) => Self::One(Box::new(one.into())),
            Err(parts) => Self::Parts(Box::new(parts.into())),
        }
    }
}

impl Report for PromotionReport {
    const KIND: &'static str = "PromotionReport";

    fn page(&self, page: &mut Page) {
        page.title(self.sentence());
        if let Some(reason) = &self.reason {
            page.line(Line::default().with(Tone::Muted, "reason: ").plain(reason.clone()));
        }
        if self.policies.is_empty() {
            page.line("No policy was asked.");
        } else {
            page.table(check::policies(&self.policies));
        }
        if let Some(recorded) = self.recorded() {
            page.line(recorded);
        }
    }

    /// The records that were written.
    fn names(&self) -> Vec<String> {
        self.records.iter().map(|number| format!("{}/{number}", self.stage)).collect()
    }
}

impl PromotionReport {
    /// Names of its records: `recorded as prod/3 and prod/4`.
    #[must_use]
    pub fn recorded(&self) -> Option<String> {
        (!self.records.is_empty()).then(|| format!("recorded as {}", self.names().join(" and ")))
    }

    fn sentence(&self) -> Line {
        let (word, tone) = match (self.decision, self.verdict) {
            (Ruling::Overridden, _) => ("OVERRIDDEN", Tone::Bad),
            (Ruling::Refused, Verdict::Undecided) => ("UNDECIDED", Tone::Unknown),
            (Ruling::Refused, _) => ("DENIED", Tone::Bad),
            (Ruling::Approved, Verdict::Allow) => ("APPROVED", Tone::Good),
            (Ruling::Approved, _) => ("APPROVED WITH WARNINGS", Tone::Caution),
        };
        let says = match (self.decision, self.operation) {
            (Ruling::Refused, Operation::Promotion) => "may not go to",
            (Ruling::Refused, Operation::Rollback) => "may not go back to",
            (_, Operation::Promotion) => "goes to",
            (_, Operation::Rollback) => "goes back to",
        };
        let line = Line::default().with(tone, word).plain("  ");
        let line = sides::named(line, &self.snapshot.name, &self.snapshot.digest)
            .plain(format!(" {says} {}, where it replaces ", self.stage));
        sides::named(line, &self.running.name, &self.running.digest)
    }
}
