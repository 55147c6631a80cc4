//! The outcome in all of the namespaces that a set goes to.

use super::{ApplyOutcome, Conclusion, Interruption, Written, conclusion, recorded};
use crate::{diff::Side, parts::PartName, plan::Plans, record::Completion};

/// The outcome of deploying a set: that in each of its namespaces.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The set that was to run.
    pub snapshot: Side,
    /// The outcomes, by alias; one at least.
    pub parts: Vec<PartOutcome>,
}

/// The outcome in one of the namespaces.
#[derive(Clone, Debug)]
pub struct PartOutcome {
    /// The part's alias; none where the set is of one namespace.
    pub part: Option<PartName>,
    /// The outcome.
    pub outcome: ApplyOutcome,
}

impl From<ApplyOutcome> for Outcome {
    fn from(outcome: ApplyOutcome) -> Self {
        Self {
            snapshot: outcome.snapshot.clone(),
            parts: vec![PartOutcome { part: None, outcome }],
        }
    }
}

impl Outcome {
    /// The outcome of plans of which nothing has happened yet.
    #[must_use]
    pub fn new(plans: &Plans, dry_run: bool) -> Self {
        let of_part = |one: &crate::plan::PartPlan| PartOutcome {
            part: one.part.clone(),
            outcome: ApplyOutcome::new(&one.plan, dry_run),
        };
        Self {
            snapshot: Side { name: plans.snapshot.clone(), digest: plans.digest },
            parts: plans.parts().iter().map(of_part).collect(),
        }
    }

    /// The outcome, where the set is of one namespace.
    pub fn into_one(mut self) -> Result<ApplyOutcome, Self> {
        match self.parts.as_slice() {
            [PartOutcome { part: None, .. }] => Ok(self.parts.remove(0).outcome),
            _ => Err(self),
        }
    }

    /// Notes the cause for which nothing new was begun anywhere.
    pub fn interrupt(&mut self, interruption: &Interruption) {
        for one in &mut self.parts {
            one.outcome.interruption = Some(interruption.clone());
        }
    }

    /// The conclusion from all that is known, of all namespaces together.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        conclusion::of(&self.outcomes())
    }

    /// The completion to record. Only what was seen to run everywhere has succeeded.
    #[must_use]
    pub fn completion(&self) -> Completion {
        recorded::completion(&self.outcomes())
    }

    /// The problems to record, a line each, with the part that they are of.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let conclusion = self.conclusion();
        let mut interruption = None;
        let mut problems = Vec::new();
        for PartOutcome { part, outcome } in &self.parts {
            let found = outcome.problems_in(conclusion);
            let Some(part) = part else { return found };
            let cause = outcome.interrupted(conclusion);
            // It is one cause for all of them.
            let found = found.into_iter().filter(|line| cause.as_ref() != Some(line));
            problems.extend(found.map(|line| format!("{part}: {line}")));
            interruption = interruption.or(cause);
        }
        problems.extend(interruption);
        problems
    }

    /// The conclusion from what was written and seen before anything was undone.
    #[must_use]
    pub fn before_going_back(&self) -> Conclusion {
        conclusion::forward(&self.outcomes())
    }

    /// The objects that were written and are not as they were, each with its part: the state that
    /// whoever leaves now leaves behind.
    #[must_use]
    pub fn left_now(&self) -> Vec<String> {
        let of_part = |one: &PartOutcome| {
            let way_back = one.outcome.way_back.as_ref();
            let is_back =
                |it: &Written| way_back.is_some_and(|back| back.is_back(it.kind, &it.name));
            let part = one.part.as_ref().map(|part| format!("{part}: ")).unwrap_or_default();
            let left = one.outcome.writes().into_iter();
            let left = left.filter(|one| !is_back(one));
            left.map(|one| format!("{part}{} {}", one.kind, one.name)).collect::<Vec<_>>()
        };
        self.parts.iter().flat_map(of_part).collect()
    }

    fn outcomes(&self) -> Vec<&ApplyOutcome> {
        self.parts.iter().map(|one| &one.outcome).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cluster_namespace::ClusterNamespace,
        digest::Digest,
        manifest::Kind,
        outcome::{Rollout, RolloutState, Verification, WriteFailure},
        plan::{Action, Plan, Step},
    };

    /// A change in each of two parts.
    fn begun() -> Outcome {
        let plan = |namespace: &str, name: &str| Plan {
            snapshot: "rel-43".into(),
            digest: Digest::of(name.as_bytes()),
            target: ClusterNamespace::new("kind", namespace),
            steps: vec![Step {
                kind: Kind::Deployment,
                name: name.into(),
                fields: vec![],
                action: Action::Patch {
                    operations: vec![],
                    change: Box::default(),
                    in_owners_name: None,
                },
            }],
            leftovers: vec![],
            blocked: vec![],
            switches: vec![],
            unswitchable: vec![],
            notes: vec![],
            owners: vec![],
            waves: crate::plan::Waves::default(),
            images: std::collections::BTreeMap::new(),
        };
        let part = |alias: &str, plan| (alias.parse().unwrap(), plan);
        let parts = [part("shop", plan("shop-prod", "cart")), part("payments", plan("pay", "tax"))];
        Outcome::new(&Plans::of_parts("rel-43".into(), Digest::of(b"rel-43"), parts), false)
    }

    fn written() -> Outcome {
        let mut outcome = begun();
        outcome.parts[0].outcome.written(Kind::Deployment, "tax");
        outcome.parts[1].outcome.written(Kind::Deployment, "cart");
        outcome
    }

    fn seen(outcome: &mut Outcome) {
        let nothing = crate::snapshot::Snapshot::default();
        let same = || Verification::of(crate::diff::compare(["a", "b"], &nothing, &nothing));
        outcome.parts.iter_mut().for_each(|one| one.outcome.verification = same());
    }

    #[test]
    fn it_has_succeeded_where_it_was_seen_everywhere() {
        let mut outcome = written();
        assert_eq!(outcome.conclusion(), Conclusion::Applied);
        assert_eq!(outcome.completion(), Completion::Unverified);
        seen(&mut outcome);
        assert_eq!(outcome.completion(), Completion::Succeeded);
        outcome.parts[1].outcome.verification = Verification::Unknown { reason: "500".into() };
        assert_eq!(outcome.conclusion(), Conclusion::Unverified);
        assert_eq!(outcome.completion(), Completion::Unverified);
        assert_eq!(
            outcome.problems(),
            ["shop: whether what was asked for runs could not be seen: 500"]
        );
    }

    #[test]
    fn what_failed_in_one_part_fails_the_whole_and_names_the_part() {
        let mut outcome = begun();
        let failure = WriteFailure { reason: "Deployment tax was refused".into(), moved: false };
        outcome.parts[0].outcome.failed(Kind::Deployment, "tax", failure);
        assert_eq!(outcome.conclusion(), Conclusion::Failed);
        assert_eq!(
            outcome.problems(),
            [
                "payments: Deployment tax was refused",
                "shop: 1 of 1 writes not begun: Deployment cart",
            ]
        );
        let moved = WriteFailure { reason: "Deployment cart was changed".into(), moved: true };
        outcome.parts[1].outcome.failed(Kind::Deployment, "cart", moved);
        assert_eq!(outcome.completion(), Completion::Conflict);
        let mut outcome = written();
        let state = RolloutState::TimedOut { reason: "0 of 1 ready".into() };
        let rollout = Rollout { kind: Kind::Deployment, name: "cart".into(), state };
        outcome.parts[1].outcome.rollouts.push(rollout);
        assert_eq!(outcome.conclusion(), Conclusion::TimedOut);
    }

    #[test]
    fn one_cause_stops_all_parts_and_is_told_once() {
        let mut outcome = begun();
        let reason = "the lock of pay is lost".to_owned();
        outcome.interrupt(&Interruption::LeaseLost { reason: reason.clone() });
        assert_eq!(outcome.conclusion(), Conclusion::LeaseLost);
        let problems = outcome.problems();
        assert_eq!(
            problems.iter().filter(|line| line.contains(&reason)).count(),
            1,
            "{problems:?}"
        );
        assert_eq!(problems.len(), 3, "{problems:?}");
    }

    #[test]
    fn one_namespace_has_the_outcome_that_it_always_had() {
        let mut one = begun().parts.remove(0).outcome;
        one.interruption = Some(Interruption::Signal);
        let whole = Outcome::from(one.clone());
        assert_eq!(whole.problems(), one.problems());
        assert_eq!(whole.conclusion(), one.conclusion());
        assert_eq!(whole.completion(), one.completion());
        assert!(whole.into_one().is_ok() && begun().into_one().is_err());
    }
}
