//! Review of a promotion by every policy, with everything that is known.

use std::sync::Arc;

use snapshot_core::{
    canonical,
    policy::{Mode, Settings},
    promotion::{Promotion, Rung},
    record::Chain,
    stage::Stage,
    verdict::{Outcome, PolicyReport, Verdict, verdict},
};

use super::Case;
use crate::{
    commands::{asking::Answers, failure::Failure},
    policies::{Decision, Facts, Question},
    store::Grounds,
};

/// Questions to the policies, and their answers.
pub(super) struct Review {
    pub(super) answers: Answers,
    questions: Vec<Arc<Question>>,
    pub(super) verdict: Verdict,
}

impl Review {
    /// Inputs of the decision, to be kept with its record.
    pub(super) fn grounds(&self) -> Grounds {
        let text = |question: &Arc<Question>| {
            (question.decision().to_string(), canonical::text(&question.to_value()))
        };
        Grounds {
            questions: self.questions.iter().map(text).collect(),
            policies: self.answers.policies.clone(),
        }
    }
}

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

/// Reason not to trust what a chain tells.
fn untrusted(chain: &Chain) -> Option<String> {
    let first = chain.faults.first()?;
    Some(format!(
        "the records of {} cannot be trusted: {first}; kubectl snapshot history {} --verify says more",
        chain.stage, chain.stage
    ))
}
