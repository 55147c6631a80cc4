//! The questions of a promotion, with everything that is known when they are asked.

use std::sync::Arc;

use snapshot_core::{
    promotion::{Promotion as Asked, StageRef},
    record::Chain,
    stage::Stage,
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
};

impl Promotion<'_> {
    /// Asks every policy, with everything that is known now.
    pub(super) async fn ask(
        &self,
        policies: &PolicyChoice,
        target: &Target,
        prepared: &Prepared,
    ) -> Result<Review, Failure> {
        let facts = facts(self.app, target, prepared);
        let chains = self.store.chains().await?;
        let deployments =
            chains.values().flat_map(|chain| chain.deployments(|at| self.app.clock.read(at)));
        let asked = Asked {
            target: stage_ref(&self.stage),
            ladder: self.ladder.iter().map(stage_ref).collect(),
            deployments: deployments.collect(),
            evidence: self.store.evidence(&facts.candidate.spec.digest()).await?,
            actor: self.actor.clone(),
            reason: self.asked.reason.clone(),
        };
        let questions = vec![
            Arc::new(Question::compatibility(&facts)),
            Arc::new(Question::promotion(&facts, &asked)),
        ];
        let mut answers = policies.ask_all(self.app, questions.clone(), &self.asked.stage).await?;
        // What the policies were told of the past is worth no more than the records are.
        let distrust = chains.values().filter_map(Chain::distrust).map(broken);
        answers.reports.extend(distrust);
        Ok(Review::new(answers, questions))
    }
}

fn stage_ref(stage: &Stage) -> StageRef {
    StageRef { name: stage.name.clone(), after: stage.after.clone() }
}
