//! The questions of a promotion, and asking them.

use std::sync::Arc;

use super::{Case, Review, untrusted};
use crate::{
    commands::failure::Failure,
    domain::{
        policy::{Mode, Settings},
        promotion::{Promotion, Rung},
        stage::Stage,
        verdict::{Outcome, PolicyReport, verdict},
    },
    policies::{Decision, Facts, Question},
};

impl Case<'_> {
    /// Asks every policy, with everything that is known now.
    pub(super) async fn review(&self) -> Result<Review, Failure> {
        let found = &self.prepared.found;
        let facts = Facts {
            name: &found.label,
            candidate: &found.snapshot,
            running: Some((&self.place.label, &self.prepared.running)),
            now: self.session.clock.unix_seconds(),
        };
        let chains = self.store.chains().await?;
        let deployments =
            chains.values().flat_map(|chain| chain.deployments(|at| self.session.clock.read(at)));
        let promotion = Promotion {
            target: rung(&self.stage),
            ladder: self.ladder.iter().map(rung).collect(),
            deployments: deployments.collect(),
            evidence: self.store.evidence(&found.snapshot.spec.digest()).await?,
            actor: self.actor.clone(),
            reason: self.request.args.reason.clone(),
        };
        let questions = vec![
            Arc::new(Question::compatibility(&facts)),
            Arc::new(Question::promotion(&facts, &promotion)),
        ];
        let asked = questions.clone();
        let policies = &self.deploy().policies;
        let mut answers = policies.ask_all(self.session, asked, &self.stage.name).await?;
        // What the policies were told of the past is worth no more than the records are.
        answers.reports.extend(chains.values().filter_map(untrusted).map(broken));
        Ok(Review { verdict: verdict(&answers.reports), answers, questions })
    }
}

fn rung(stage: &Stage) -> Rung {
    Rung { name: stage.name.clone(), after: stage.after.clone() }
}

fn broken(reason: String) -> PolicyReport {
    PolicyReport {
        policy: "records".to_owned(),
        digest: None,
        decision: Decision::Promotion.to_string(),
        question_digest: None,
        settings: Settings::default(),
        mode: Mode::Enforce,
        outcome: Outcome::Undecided { reason },
    }
}
