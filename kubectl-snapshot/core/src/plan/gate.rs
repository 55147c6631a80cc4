//! The one way from a plan to a write.

use serde::Serialize;

use super::{Action, MayOverride, PartPlan, Plan, Plans, Return, Step, Traces, way_back::returns};
use crate::verdict::{PolicyReport, Verdict, verdict};

/// A plan that the policies let through. Only [`gate`] makes one, and the
/// function that writes to a cluster takes nothing else.
#[derive(Clone, Debug)]
pub struct ApprovedPlan {
    plans: Plans,
    overridden: bool,
}

/// The part of an approved plan that writes to one namespace.
#[derive(Clone, Copy, Debug)]
pub struct ApprovedPart<'a> {
    part: &'a PartPlan,
}

impl ApprovedPlan {
    /// The plan for each namespace.
    #[must_use]
    pub fn plans(&self) -> &Plans {
        &self.plans
    }

    /// True if the plan was approved against the policies.
    #[must_use]
    pub fn is_overridden(&self) -> bool {
        self.overridden
    }

    /// The way back from the writes that have left traces, in each namespace.
    #[must_use]
    pub fn way_back(&self, traces: &[Traces]) -> WayBack {
        let parts = self.plans.parts().iter().zip(traces);
        WayBack::new(parts.map(|(one, traces)| returns(&one.plan, traces)).collect())
    }

    /// The writes to each namespace, by alias.
    pub fn parts(&self) -> impl Iterator<Item = ApprovedPart<'_>> {
        self.plans.parts().iter().map(|part| ApprovedPart { part })
    }
}

/// The way back from an approved plan: what makes each namespace again what it was. Only a plan
/// that was let through has one, and the journal that its run has kept of it.
#[derive(Clone, Debug)]
pub struct WayBack {
    parts: Vec<Vec<Return>>,
}

impl WayBack {
    pub(super) fn new(parts: Vec<Vec<Return>>) -> Self {
        Self { parts }
    }

    /// The returns in each namespace, in the plan's order of parts and steps.
    #[must_use]
    pub fn parts(&self) -> &[Vec<Return>] {
        &self.parts
    }

    /// Number of objects that are to be as they were.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.parts.iter().map(Vec::len).sum()
    }
}

impl<'a> ApprovedPart<'a> {
    /// The steps that write, which come before those that remove.
    #[must_use]
    pub fn writes(self) -> &'a [Step] {
        &self.plan().steps[..self.first_removal()]
    }

    /// The steps that write in a wave of the plan, from 0.
    pub fn writes_of(self, wave: usize) -> impl Iterator<Item = &'a Step> {
        let waves = &self.plan().waves;
        self.writes().iter().filter(move |step| waves.of(step.kind, &step.name) == wave)
    }

    /// The steps that remove: for once the writes have taken effect.
    #[must_use]
    pub fn removals(self) -> &'a [Step] {
        &self.plan().steps[self.first_removal()..]
    }

    fn plan(self) -> &'a Plan {
        &self.part.plan
    }

    fn first_removal(self) -> usize {
        let removes = |step: &Step| matches!(step.action, Action::Remove { .. });
        let steps = &self.plan().steps;
        steps.iter().position(removes).unwrap_or(steps.len())
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
    plans: Plans,
    policies: Vec<PolicyReport>,
    overriding: Option<MayOverride>,
) -> Result<ApprovedPlan, Refusal> {
    match verdict(&policies) {
        Verdict::Allow | Verdict::Warn => Ok(ApprovedPlan { plans, overridden: false }),
        verdict @ (Verdict::Undecided | Verdict::Deny) => match overriding {
            Some(MayOverride { .. }) => Ok(ApprovedPlan { plans, overridden: true }),
            None => Err(Refusal { verdict, policies }),
        },
    }
}
