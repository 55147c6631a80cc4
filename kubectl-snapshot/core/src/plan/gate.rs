//! The one way from a plan to a write.

use serde::Serialize;

use super::{Action, MayOverride, Plan, Step};
use crate::verdict::{PolicyReport, Verdict, verdict};

/// A plan that the policies let through. Only [`gate`] makes one, and the
/// function that writes to a cluster takes nothing else.
#[derive(Clone, Debug)]
pub struct ApprovedPlan {
    plan: Plan,
    overridden: bool,
}

impl ApprovedPlan {
    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// True if the plan was approved against the policies.
    #[must_use]
    pub fn is_overridden(&self) -> bool {
        self.overridden
    }

    /// The steps that write, which come before those that remove.
    #[must_use]
    pub fn writes(&self) -> &[Step] {
        &self.plan.steps[..self.first_removal()]
    }

    /// The steps that remove: for once the writes have taken effect.
    #[must_use]
    pub fn removals(&self) -> &[Step] {
        &self.plan.steps[self.first_removal()..]
    }

    fn first_removal(&self) -> usize {
        let removes = |step: &Step| matches!(step.action, Action::Remove { .. });
        self.plan.steps.iter().position(removes).unwrap_or(self.plan.steps.len())
    }
}

/// Refusal of a plan by its policies.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// [`Verdict::Deny`] or [`Verdict::Undecided`].
    pub verdict: Verdict,
    /// Report of every policy.
    pub policies: Vec<PolicyReport>,
}

/// Lets a plan through unless a policy denies it or could not decide, and
/// nobody who may overrides that.
///
/// # Errors
/// The refusal, with everything that was said.
pub fn gate(
    plan: Plan,
    policies: Vec<PolicyReport>,
    overriding: Option<MayOverride>,
) -> Result<ApprovedPlan, Refusal> {
    match verdict(&policies) {
        Verdict::Allow | Verdict::Warn => Ok(ApprovedPlan { plan, overridden: false }),
        verdict @ (Verdict::Undecided | Verdict::Deny) => match overriding {
            Some(MayOverride { .. }) => Ok(ApprovedPlan { plan, overridden: true }),
            None => Err(Refusal { verdict, policies }),
        },
    }
}
