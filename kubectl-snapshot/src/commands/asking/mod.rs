//! Which policies a command asks, and what they may use.

mod bound;
mod bounds;
mod bytes;
mod fetch;
mod one;

use std::sync::Arc;

use clap::Args;

pub(in crate::commands) use bounds::BoundsArgs;
pub(in crate::commands) use bytes::{FoundPolicy, find, read};
pub(in crate::commands) use fetch::{RegistryArgs, fetch};
pub(in crate::commands) use one::OnePolicyArgs;

use super::{failure::Failure, session::Session};
use crate::{
    domain::{name::StageName, policy::PolicyReference, verdict::PolicyReport},
    policies::{Asked, Engine, Question, evaluate},
};

/// Which policies are asked, besides those that are bound.
#[derive(Args, Debug)]
pub(in crate::commands) struct PolicyArgs {
    /// A policy to ask besides those bound: a file, a name, or a reference into a registry; can be repeated
    #[arg(long = "policy", value_name = "POLICY")]
    extra: Vec<PolicyReference>,
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    bounds: BoundsArgs,
}

/// How sure a command must be that it knows every bound policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Reach {
    /// It works without a cluster: where there is none, that is said.
    Optional,
    /// What is bound is asked, or nothing is decided.
    Needed,
}

impl PolicyArgs {
    /// Asks the policies that are bound for a stage, and the user's.
    pub(in crate::commands) async fn ask(
        &self,
        session: &Session,
        question: Question,
        stage: Option<&StageName>,
        reach: Reach,
    ) -> Result<Vec<PolicyReport>, Failure> {
        let mut asked = Vec::new();
        let mut reports = Vec::new();
        match bound::gather(session, question.decision(), stage, reach).await? {
            Ok(bound) => asked.extend(bound),
            Err(report) => reports.push(report),
        }
        for reference in &self.extra {
            asked.push(match find(session, reference, &self.registry).await {
                Ok(found) => Asked {
                    settings: found.settings.unwrap_or_default(),
                    ..Asked::new(found.name, Ok(found.bytes))
                },
                Err(failure) => Asked::new(reference.to_string(), Err(failure.message)),
            });
        }
        let engine = Engine::start(self.bounds.bounds())?;
        reports.extend(evaluate(&engine, asked, &Arc::new(question)).await);
        Ok(reports)
    }
}
