//! The review of a deployment: what the policies are asked, and what they say.

use std::sync::Arc;

use snapshot_core::{
    canonical,
    parts::{Document, PartName},
    policy::{Decision, Mode, Settings},
    verdict::{Outcome, PolicyReport, Verdict, verdict},
};

use super::{Target, prepare::Prepared};
use crate::{
    app::{
        App, Failure,
        evaluate::{Answers, PolicyChoice, PolicyLookup},
    },
    policies::{Facts, PartsFacts, Past, Place, Question, SetFacts},
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
        let text = |question: &Arc<Question>| {
            (question.decision(), canonical::tree_text(&question.to_value()))
        };
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
    let question = facts.compatibility();
    let mut reports = policies.ask(app, question, &facts, None, PolicyLookup::Needed).await?;
    reports.extend(in_doubt(target));
    Ok(Review::new(Answers { reports, ..Answers::default() }))
}

/// Facts of both sets, for the policies, with what is recorded.
pub(super) fn facts<'a>(
    app: &App,
    target: &'a Target,
    prepared: &'a Prepared,
    past: Option<Past<'a>>,
) -> SetFacts<'a> {
    let Prepared { candidate, running, parts, ancestry, plans } = prepared;
    let metadata = (candidate.document.metadata(), running.metadata());
    let captured = app.clock.captured(metadata.0, Some(metadata.1));
    let now = app.clock.unix_seconds();
    let places = parts.iter().zip(plans.parts()).map(|(one, planned)| {
        let written = Some(&planned.plan.images);
        let will_run = one.will_run.as_ref().map(|set| &set.spec);
        (one.part.as_ref(), Place { values: &one.values, pins: &one.pins, written, will_run })
    });
    let places: Vec<(Option<&PartName>, Place<'a>)> = places.collect();
    let (name, label) = (candidate.label.as_str(), target.label.as_str());
    match &candidate.document {
        Document::Several(candidate) => {
            let running = running.as_several().map(|running| (label, running));
            let facts = PartsFacts::new(name, candidate, running, (now, None), ancestry);
            let places = places.into_iter().filter_map(|(part, place)| Some((part?, place)));
            SetFacts::Parts(Box::new(facts.at(places.collect()).known(captured, past)))
        }
        Document::One(candidate) => SetFacts::One(Box::new(Facts {
            captured,
            past,
            name,
            candidate,
            running: running.sets().next().map(|(_, running)| (label, running)),
            ancestry,
            now,
            place: places.into_iter().next().map(|(_, place)| place),
        })),
    }
}

/// Reports that stand for stages of which nobody knows what they ask here.
pub(super) fn in_doubt(target: &Target) -> impl Iterator<Item = PolicyReport> {
    target.doubts.iter().map(|reason| broken("stages", reason.clone()))
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
