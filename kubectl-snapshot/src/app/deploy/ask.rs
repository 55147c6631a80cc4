//! The questions of a promotion, with everything that is known when they are asked.

use std::sync::Arc;

use snapshot_core::{
    promotion::{Promotion as Asked, StageRef},
    record::Chain,
    stage::Stage,
    verdict::PolicyReport,
};

use super::{
    Review, Target,
    prepare::Prepared,
    promotion::Promotion,
    review::{broken, facts},
};
use crate::{
    app::{Failure, evaluate::PolicyChoice},
    policies::Question,
    store::KnownFacts,
};

impl Promotion<'_> {
    /// Asks every policy, with everything that is known now.
    pub(super) async fn ask(
        &self,
        policies: &PolicyChoice,
        target: &Target,
        prepared: &Prepared,
    ) -> Result<(Review, Vec<String>), Failure> {
        let facts = facts(self.app, target, prepared);
        let chains = self.store.chains().await?;
        let known = self.store.evidence(&facts.candidate.spec.digest()).await?;
        let deployments =
            chains.values().flat_map(|chain| chain.deployments(|at| self.app.clock.read(at)));
        let asked = Asked {
            target: stage_ref(&self.stage),
            ladder: self.ladder.iter().map(stage_ref).collect(),
            deployments: deployments.collect(),
            evidence: known.facts.clone(),
            actor: self.actor.clone(),
            reason: self.asked.reason.clone(),
        };
        let questions = vec![
            Arc::new(Question::compatibility(&facts)),
            Arc::new(Question::promotion(&facts, &asked)),
        ];
        let mut answers = policies.ask_all(self.app, questions.clone(), &self.asked.stage).await?;
        // What the policies were told of the past is worth no more than the records are.
        let (own, others): (Vec<_>, Vec<_>) =
            chains.values().partition(|chain| chain.stage == self.stage.name);
        let distrust = own.into_iter().filter_map(Chain::distrust);
        answers.reports.extend(distrust.map(|reason| broken("records", reason)));
        answers.reports.extend(lost_evidence(&known));
        // Who may write records of one stage alone has no say at another.
        let counts = |chain: &&Chain| self.ladder.iter().any(|stage| stage.name == chain.stage);
        let others = others.into_iter().filter(counts).filter_map(Chain::distrust);
        let mut warnings: Vec<String> = others
            .map(|why| format!("{why}; what cannot be believed of them is left out"))
            .collect();
        warnings.extend(left_out(&known));
        Ok((Review::new(answers, questions), warnings))
    }
}

/// The most pieces of evidence that are named one by one.
const NAMED: usize = 5;

/// A warning for each piece of evidence that cannot be believed.
pub fn left_out(known: &KnownFacts) -> Vec<String> {
    let named = known.left_out.iter().take(NAMED);
    let mut warnings: Vec<String> =
        named.map(|one| format!("{}; it is left out", one.error)).collect();
    let more = known.left_out.len().saturating_sub(NAMED);
    if more > 0 {
        warnings
            .push(format!("{more} more pieces of evidence cannot be believed and are left out"));
    }
    warnings
}

/// A report that stands for facts that somebody has changed: one of them may have said no.
fn lost_evidence(known: &KnownFacts) -> Option<PolicyReport> {
    let lost = known.left_out.iter().find(|one| one.was_a_fact)?;
    Some(broken("evidence", lost.error.to_string()))
}

fn stage_ref(stage: &Stage) -> StageRef {
    StageRef { name: stage.name.clone(), after: stage.after.clone() }
}
