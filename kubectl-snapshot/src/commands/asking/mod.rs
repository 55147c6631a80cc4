//! Selection of the policies that a command asks, and their limits.

mod bound;
mod bounds;
mod bytes;
mod fetch;
mod one;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use clap::Args;
use snapshot_core::{
    digest::Digest,
    name::StageName,
    policy::PolicyReference,
    verdict::{Outcome, PolicyReport},
};

pub use bounds::BoundsArgs;
pub use bytes::{FoundPolicy, find, read};
pub use fetch::{RegistryArgs, fetch};
pub use one::{OnePolicyArgs, PolicySourceArgs};

use super::{failure::Failure, session::Session};
use crate::commands::complete;
use crate::policies::{Asked, Decision, Engine, Question, evaluate};

/// Policies to ask besides those that are bound.
#[derive(Args, Debug)]
pub struct PolicyArgs {
    /// A policy to ask besides those bound: a file, a name, or a reference into a registry; can be repeated
    #[arg(long = "policy", value_name = "POLICY", add = complete::policy())]
    extra: Vec<PolicyReference>,
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    bounds: BoundsArgs,
}

/// Need of a command to know every bound policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Optional: the command works without a cluster; where there is none, that is said.
    Optional,
    /// Needed: all bound policies are asked, or nothing is decided.
    Needed,
}

impl PolicyArgs {
    /// Asks the policies that are bound for a stage, and the user's.
    pub async fn ask(
        &self,
        session: &Session,
        question: Question,
        stage: Option<&StageName>,
        reach: Reach,
    ) -> Result<Vec<PolicyReport>, Failure> {
        let (asked, mut reports) = self.gather(session, question.decision(), stage, reach).await?;
        let engine = Engine::start(self.bounds.bounds()).await?;
        reports.extend(evaluate(&engine, asked, &Arc::new(question)).await);
        Ok(reports)
    }

    /// Asks each policy whatever it decides of the questions, at a stage.
    pub async fn ask_all(
        &self,
        session: &Session,
        questions: Vec<Arc<Question>>,
        stage: &StageName,
    ) -> Result<Answers, Failure> {
        let engine = Engine::start(self.bounds.bounds()).await?;
        let mut answers = Answers::default();
        for question in questions {
            let (asked, unknown) =
                self.gather(session, question.decision(), Some(stage), Reach::Needed).await?;
            answers.reports.extend(unknown);
            for one in &asked {
                if let Ok(bytes) = &one.bytes {
                    answers.policies.entry(Digest::of(bytes)).or_insert_with(|| bytes.clone());
                }
            }
            answers.reports.extend(evaluate(&engine, asked, &question).await);
        }
        answers.leave_out_what_answers_another();
        Ok(answers)
    }

    /// The policies to ask, and what stands for those that cannot be known.
    async fn gather(
        &self,
        session: &Session,
        decision: Decision,
        stage: Option<&StageName>,
        reach: Reach,
    ) -> Result<(Vec<Asked>, Vec<PolicyReport>), Failure> {
        let (mut asked, unknown) = match bound::gather(session, decision, stage, reach).await? {
            Ok(bound) => (bound, Vec::new()),
            Err(report) => (Vec::new(), vec![report]),
        };
        for reference in &self.extra {
            asked.push(match find(session, reference, &self.registry).await {
                Ok(found) => Asked {
                    settings: found.settings.unwrap_or_default(),
                    ..Asked::new(found.name, Ok(found.bytes))
                },
                Err(failure) => Asked::new(reference.to_string(), Err(failure.message)),
            });
        }
        Ok((asked, unknown))
    }
}

/// Report of every policy, and the policies' bytes.
#[derive(Debug, Default)]
pub struct Answers {
    /// A report for each policy and decision.
    pub reports: Vec<PolicyReport>,
    /// The bytes of what was asked, by digest.
    pub policies: BTreeMap<Digest, Cow<'static, [u8]>>,
}

impl Answers {
    /// A policy that decides one of the questions need not be said not to decide the other.
    fn leave_out_what_answers_another(&mut self) {
        let is_asked = |one: &PolicyReport| !matches!(one.outcome, Outcome::NotAsked { .. });
        let asked: BTreeSet<String> =
            self.reports.iter().filter(|one| is_asked(one)).map(|one| one.policy.clone()).collect();
        let mut seen = BTreeSet::new();
        self.reports.retain(|one| {
            is_asked(one) || (!asked.contains(&one.policy) && seen.insert(one.policy.clone()))
        });
        self.reports.sort_by(|a, b| (&a.policy, &a.decision).cmp(&(&b.policy, &b.decision)));
    }
}
