//! The one way from a plan to a write.

use serde::Serialize;

use super::Plan;
use crate::domain::verdict::{PolicyReport, Verdict, verdict};

/// A plan that the policies let through. Only [`gate`] makes one, and the
/// function that writes to a cluster takes nothing else.
#[derive(Clone, Debug)]
pub struct ApprovedPlan(Plan);

impl ApprovedPlan {
    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.0
    }
}

/// Why a plan must not be carried out.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// [`Verdict::Deny`] or [`Verdict::Undecided`].
    pub verdict: Verdict,
    /// What every policy said.
    pub policies: Vec<PolicyReport>,
}

/// Lets a plan through unless a policy denies it or could not decide.
///
/// # Errors
/// The refusal, with everything that was said.
pub fn gate(plan: Plan, policies: Vec<PolicyReport>) -> Result<ApprovedPlan, Refusal> {
    match verdict(&policies) {
        Verdict::Allow | Verdict::Warn => Ok(ApprovedPlan(plan)),
        verdict @ (Verdict::Undecided | Verdict::Deny) => Err(Refusal { verdict, policies }),
    }
}
