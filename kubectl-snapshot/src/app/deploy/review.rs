//! The review of a deployment: what the policies are asked, and what they say.

use std::sync::Arc;

use snapshot_core::{
    canonical,
    policy::{Mode, Settings},
    promotion::{Promotion as Asked, Rung},
    stage::Stage,
    verdict::{Outcome, PolicyReport, Verdict, verdict},
};

use super::{Target, prepare::Prepared, promotion::Promotion};
use crate::{
    app::{
        App, Failure,
        evaluate::{Answers, PolicyChoice, PolicyLookup},
    },
    policies::{Decision, Facts, Question},
    store::Grounds,
};

/// The questions that the policies were asked, and their answers.
pub(super) struct Review {
    pub(super) answers: Answers,
    questions: Vec<Arc<Question>>,
    pub(super) verdict: Verdict,
}

impl Review {
    fn new(answers: Answers, questions: Vec<Arc<Question>>) -> Self {
        Self { verdict: verdict(&answers.reports), answers, questions }
    }

    /// The inputs that it rests on, to be kept with its record.
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

/// Asks whether a set may run at all, where it is not promoted.
pub(super) async fn compatibility(
    app: &App,
    policies: &PolicyChoice,
    target: &Target,
    prepared: &Prepared,
) -> Result<Review, Failure> {
    let question = Question::compatibility(&facts(app, target, prepared));
    let stage = target.stage.as_ref().map(|stage| &stage.name);
    let reports = policies.ask(app, question, stage, PolicyLookup::Needed).await?;
    Ok(Review::new(Answers { reports, ..Answers::default() }, Vec::new()))
}

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
            target: rung(&self.stage),
            ladder: self.ladder.iter().map(rung).collect(),
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
        let distrust = chains.values().filter_map(snapshot_core::record::Chain::distrust).map(broken);
        answers.reports.extend(distrust);
        Ok(Review::new(answers, questions))
    }
}

fn facts<'a>(app: &App, target: &'a Target, prepared: &'a Prepared) -> Facts<'a> {
    Facts {
        name: &prepared.candidate.label,
        candidate: &prepared.candidate.snapshot,
        running: Some((&target.label, &prepared.running)),
        now: app.clock.unix_seconds(),
    }
}

fn rung(stage: &Stage) -> Rung {
    Rung { name: stage.name.clone(), after: stage.after.clone() }
}

/// A report that stands for records that cannot be trusted.
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
