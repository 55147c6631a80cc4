//! Evaluation: which policies are asked, and what they say.

mod bound;
mod bytes;
mod fetch;

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use snapshot_core::{
    digest::Digest,
    name::StageName,
    policy::{Decision, PolicyReference},
    verdict::{PolicyReport, without_repeated_abstentions},
};

pub use bound::warn_of_astray;
pub use bytes::{FoundPolicy, find, read};
pub use fetch::{fetch, registry_options};

use super::{App, Failure};
use crate::policies::{Asked, Bounds, Engine, Lookup, Question, evaluate};

/// The policies to ask besides those that are bound, and the limits of all.
#[derive(Clone, Debug)]
pub struct PolicyChoice {
    /// Policies that are asked besides.
    pub extra: Vec<PolicyReference>,
    /// Speak HTTP without TLS to registries.
    pub plain_http: bool,
    /// The limits of each policy.
    pub bounds: Bounds,
}

/// Certainty with which a caller must know every bound policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyLookup {
    /// Best effort, without a cluster too: where there is none, that is said.
    Optional,
    /// Every bound policy is asked, or nothing is decided.
    Needed,
}

impl PolicyChoice {
    /// Asks the policies that are bound for a stage, and the user's.
    pub async fn ask(
        &self,
        app: &App,
        question: Question,
        facts: &dyn Lookup,
        stage: Option<&StageName>,
        lookup: PolicyLookup,
    ) -> Result<Vec<PolicyReport>, Failure> {
        let (asked, mut reports) = self.gather(app, question.decision(), stage, lookup).await?;
        let engine = Engine::start(self.bounds).await?;
        reports.extend(evaluate(&engine, asked, question, facts).await.0);
        Ok(reports)
    }

    /// Asks each policy whatever it decides of the questions, at a stage.
    pub async fn ask_all(
        &self,
        app: &App,
        questions: Vec<Question>,
        facts: &dyn Lookup,
        stage: &StageName,
    ) -> Result<Answers, Failure> {
        let engine = Engine::start(self.bounds).await?;
        let mut answers = Answers::default();
        for question in questions {
            let (asked, unknown) =
                self.gather(app, question.decision(), Some(stage), PolicyLookup::Needed).await?;
            answers.reports.extend(unknown);
            for one in &asked {
                if let Ok(bytes) = &one.bytes {
                    answers.policies.entry(Digest::of(bytes)).or_insert_with(|| bytes.clone());
                }
            }
            let (reports, question) = evaluate(&engine, asked, question, facts).await;
            answers.reports.extend(reports);
            answers.questions.push(question);
        }
        answers.reports = without_repeated_abstentions(answers.reports);
        Ok(answers)
    }

    /// The policies to ask, and what stands for those that cannot be known.
    async fn gather(
        &self,
        app: &App,
        decision: Decision,
        stage: Option<&StageName>,
        lookup: PolicyLookup,
    ) -> Result<(Vec<Asked>, Vec<PolicyReport>), Failure> {
        let (mut asked, unknown) = match bound::gather(app, decision, stage, lookup).await? {
            Ok(bound) => (bound, Vec::new()),
            Err(report) => (Vec::new(), vec![report]),
        };
        for reference in &self.extra {
            asked.push(match find(app, reference, self.plain_http).await {
                Ok(found) => Asked {
                    settings: found.settings.unwrap_or_default(),
                    config_maps: found.config_maps,
                    ..Asked::new(found.name, Ok(found.bytes))
                },
                Err(failure) => Asked::new(reference.to_string(), Err(failure.message)),
            });
        }
        Ok((asked, unknown))
    }
}

/// The answers of all policies, and which those were.
#[derive(Debug, Default)]
pub struct Answers {
    /// A report for each policy and decision.
    pub reports: Vec<PolicyReport>,
    /// The bytes of what was asked, by digest.
    pub policies: BTreeMap<Digest, Cow<'static, [u8]>>,
    /// The questions that were asked, with the details that were looked up.
    pub questions: Vec<Arc<Question>>,
}
