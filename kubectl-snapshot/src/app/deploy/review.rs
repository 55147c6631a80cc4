//! The review of a deployment: what the policies are asked, and what they say.

use std::sync::Arc;

use snapshot_core::{
    canonical,
    policy::{Decision, Mode, Settings},
    verdict::{Outcome, PolicyReport, Verdict, verdict},
};

use super::{Target, prepare::Prepared};
use crate::{
    app::{
        App, Failure,
        evaluate::{Answers, PolicyChoice, PolicyLookup},
    },
    policies::{Facts, Past, Place, Question},
    store::DecisionInputs,
};

/// The questions that the policies were asked, and their answers.
pub(super) struct Review {
    pub(super) answers: Answers,
    pub(super) verdict: Verdict,
}

impl Review {
    pub(super) fn new(answers: Answers) -> Self {
        Self { verdict: verdict(&answers.reports), answers }
    }

    /// The inputs that it rests on, to be kept with its record.
    pub(super) fn inputs(&self) -> DecisionInputs {
        let text =
            |question: &Arc<Question>| (question.decision(), canonical::text(&question.to_value()));
        DecisionInputs {
            questions: self.answers.questions.iter().map(text).collect(),
            policies: self.answers.policies.clone(),
        }
    }
}

/// Asks whether a set may run at all, in a namespace that is no stage's.
pub(super) async fn compatibility(
    app: &App,
    policies: &PolicyChoice,
    target: &Target,
    prepared: &Prepared,
) -> Result<Review, Failure> {
    let facts = facts(app, target, prepared, None);
    let question = Question::compatibility(&facts);
    let reports = policies.ask(app, question, &facts, None, PolicyLookup::Needed).await?;
    Ok(Review::new(Answers { reports, ..Answers::default() }))
}

/// Facts of both sets, for the policies, with what is recorded.
pub(super) fn facts<'a>(
    app: &App,
    target: &'a Target,
    prepared: &'a Prepared,
    past: Option<Past<'a>>,
) -> Facts<'a> {
    Facts {
        captured: app.clock.captured(&prepared.candidate.snapshot, Some(&prepared.running)),
        past,
        name: &prepared.candidate.label,
        candidate: &prepared.candidate.snapshot,
        running: Some((&target.label, &prepared.running)),
        ancestry: &prepared.ancestry,
        now: app.clock.unix_seconds(),
        place: Some(Place {
            values: &prepared.values,
            pins: &prepared.pins,
            written: Some(&prepared.plan.images),
        }),
    }
}

/// A report that stands for records or evidence that cannot be trusted.
pub(super) fn broken(what: &str, reason: String) -> PolicyReport {
    PolicyReport {
        policy: what.to_owned(),
        digest: None,
        decision: Decision::Promotion,
        question_digest: None,
        settings: Settings::default(),
        config_maps: Vec::new(),
        mode: Mode::Enforce,
        outcome: Outcome::Undecided { reason },
    }
}
