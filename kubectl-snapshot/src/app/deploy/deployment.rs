//! A deployment: everything that is known of it, for whoever shows or judges it.

use snapshot_core::{
    diff::Side,
    name::StageName,
    outcome::Outcome,
    parts::PartName,
    pin::Pin,
    plan::{ApprovedPlan, KeptPlan, Plans, Refusal},
    record::{Operation, Ruling},
    verdict::{PolicyReport, Verdict},
};

use super::{Destination, Review, Target, prepare::Prepared};

/// A deployment as far as it has come.
#[derive(Debug)]
pub struct Deployment {
    /// The stage and what is done there, where it is a promotion or rollback.
    pub stage: Option<(StageName, Operation)>,
    /// The reason, in the user's words.
    pub reason: Option<String>,
    /// The stage whose namespace it is, where it is written without a promotion.
    pub stage_passed_by: Option<StageName>,
    /// The set that is to run.
    pub candidate: Side,
    /// The set that ran there.
    pub running: Side,
    /// The writes between them.
    pub plans: Plans,
    /// The plan to keep, where it is wanted.
    pub kept: Option<KeptPlan>,
    /// The answers of the policies.
    pub policies: Vec<PolicyReport>,
    /// The verdict over all of them.
    pub verdict: Verdict,
    /// The decision.
    pub decision: Ruling,
    /// The numbers of the records that were written.
    pub records: Vec<u64>,
    /// True where the end is not among them, though it should be.
    pub is_end_missing: bool,
    /// The values that its own deployer brings it with, where it is waited for.
    pub awaited: Option<Export>,
    /// The outcome of what was written; none of what was not to be written.
    pub outcome: Option<Outcome>,
}

/// An export by which a stage's own deployer brings a set.
#[derive(Clone, Debug)]
pub struct Export {
    /// The variable set that values are of.
    pub variables: Option<String>,
    /// The images that are written with their digests there, where that is chosen.
    pub pin: Option<Pin>,
    /// The parts, where the set has several.
    pub parts: Vec<PartName>,
}

impl Deployment {
    pub(super) fn of(
        destination: &Destination,
        target: &Target,
        prepared: &Prepared,
        review: &Review,
        gated: &Result<ApprovedPlan, Refusal>,
    ) -> Self {
        let (stage, reason) = match destination {
            Destination::Namespaces { .. } | Destination::NamespacesOf(_) => (None, None),
            Destination::Stage(asked) => {
                (Some((asked.stage.clone(), asked.operation)), asked.reason.clone())
            }
        };
        let decision = match gated {
            Ok(approved) if approved.is_overridden() => Ruling::Overridden,
            Ok(_) => Ruling::Approved,
            Err(_) => Ruling::Refused,
        };
        let candidate = &prepared.candidate;
        Self {
            stage_passed_by: match stage {
                Some(_) => None,
                None => target.stage.as_ref().map(|stage| stage.name.clone()),
            },
            stage,
            reason,
            candidate: Side { name: candidate.label.clone(), digest: candidate.document.digest() },
            running: Side { name: target.label.clone(), digest: prepared.running.digest() },
            plans: prepared.plans.clone(),
            kept: None,
            policies: review.answers.reports.clone(),
            verdict: review.verdict,
            decision,
            records: Vec::new(),
            is_end_missing: false,
            awaited: target.is_awaited.then(|| Export {
                variables: target.variables.clone(),
                pin: target.stage.as_ref().and_then(|stage| stage.pin),
                parts: target.parts.iter().filter_map(|one| one.part.clone()).collect(),
            }),
            outcome: None,
        }
    }

    /// True where the policies have not let it through.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.decision == Ruling::Refused
    }
}
