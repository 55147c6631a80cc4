//! The questions of a stage, with everything that is known when they are asked.

use std::collections::BTreeMap;

use snapshot_core::{
    ladder::Ladder,
    name::StageName,
    promotion::{Actor, Promotion as Asked, StageRef, StageState},
    record::Chain,
    stage::Stage,
    verdict::PolicyReport,
};

use super::{
    Review, Target,
    prepare::Prepared,
    promotion::Promotion,
    review::{broken, facts, in_doubt},
};
use crate::{
    app::{App, Failure, evaluate::PolicyChoice, evidence::left_out},
    policies::Past,
    store::{KnownFacts, Store},
};

/// A stage that a set would come to, by whatever way.
pub(super) struct Arrival<'a> {
    pub(super) app: &'a App,
    pub(super) store: &'a Store,
    pub(super) stage: &'a Stage,
    pub(super) ladder: &'a Ladder,
    pub(super) actor: &'a Actor,
    pub(super) reason: Option<&'a str>,
}

impl Arrival<'_> {
    /// Asks every policy, with everything that is known now.
    pub(super) async fn ask(
        &self,
        policies: &PolicyChoice,
        target: &Target,
        prepared: &Prepared,
    ) -> Result<(Review, Vec<String>), Failure> {
        let chains = self.store.chains().await?;
        let candidate = prepared.candidate.document.digest();
        let known = self.store.evidence(&candidate).await?;
        let stages = stage_states(self.app, self.ladder, &chains);
        let past = Past { stages: &stages, evidence: &known.facts };
        let facts = facts(self.app, target, prepared, Some(past));
        let deployments =
            chains.values().flat_map(|chain| chain.deployments(|at| self.app.clock.read(at)));
        let asked = Asked {
            target: stage_ref(self.stage),
            ladder: self.ladder.stages().iter().map(stage_ref).collect(),
            deployments: deployments.collect(),
            evidence: known.facts.clone(),
            actor: self.actor.clone(),
            reason: self.reason.map(str::to_owned),
        };
        let questions = vec![facts.compatibility(), facts.promotion(&asked)];
        let mut answers = policies.ask_all(self.app, questions, &facts, &self.stage.name).await?;
        // What the policies were told of the past is worth no more than the records are.
        let (own, others): (Vec<_>, Vec<_>) =
            chains.values().partition(|chain| chain.stage == self.stage.name);
        let distrust = own.into_iter().filter_map(Chain::distrust);
        answers.reports.extend(distrust.map(|reason| broken("records", reason)));
        answers.reports.extend(lost_evidence(&known));
        answers.reports.extend(in_doubt(target));
        // Who may write records of one stage alone has no say at another.
        let counts =
            |chain: &&Chain| self.ladder.stages().iter().any(|stage| stage.name == chain.stage);
        let others = others.into_iter().filter(counts).filter_map(Chain::distrust);
        let mut warnings: Vec<String> = others
            .map(|why| format!("{why}; what cannot be believed of them is left out"))
            .collect();
        warnings.extend(left_out(&known));
        Ok((Review::new(answers), warnings))
    }
}

/// A report that stands for facts that somebody has changed: one of them may have said no.
fn lost_evidence(known: &KnownFacts) -> Option<PolicyReport> {
    let lost = known.left_out.iter().find(|one| one.was_a_fact)?;
    Some(broken("evidence", lost.error.to_string()))
}

impl Promotion<'_> {
    /// Asks every policy of the stage.
    pub(super) async fn ask(
        &self,
        policies: &PolicyChoice,
        target: &Target,
        prepared: &Prepared,
    ) -> Result<(Review, Vec<String>), Failure> {
        let Self { app, store, asked, ladder, stage, actor, .. } = self;
        let reason = asked.reason.as_deref();
        Arrival { app, store, stage, ladder, actor, reason }.ask(policies, target, prepared).await
    }
}

/// Asks what a set is asked that is not promoted: whether it may run, and where the namespace is
/// a stage's, whether it may come to that stage.
pub(super) async fn without_promotion(
    app: &App,
    store: &Store,
    policies: &PolicyChoice,
    target: &Target,
    prepared: &Prepared,
) -> Result<Review, Failure> {
    let Some(stage) = &target.stage else {
        return super::review::compatibility(app, policies, target, prepared).await;
    };
    let ladder = store.stages().await?.ladder();
    let actor = app.connections.connected().await?.actor().await?;
    let arrival = Arrival { app, store, stage, ladder: &ladder, actor: &actor, reason: None };
    let (review, warnings) = arrival.ask(policies, target, prepared).await?;
    for warning in &warnings {
        app.observer.warning(warning);
    }
    Ok(review)
}

/// States of the stages of a ladder, by their records.
pub(super) fn stage_states(
    app: &App,
    ladder: &Ladder,
    chains: &BTreeMap<StageName, Chain>,
) -> Vec<StageState> {
    let standing = |chain: &Chain| chain.standing(|at| app.clock.read(at));
    let state = |stage: &Stage| StageState {
        stage: stage.name.clone(),
        runs: chains.get(&stage.name).and_then(standing),
    };
    ladder.stages().iter().map(state).collect()
}

pub(super) fn stage_ref(stage: &Stage) -> StageRef {
    StageRef { name: stage.name.clone(), after: stage.after.clone() }
}
