//! Run of one policy on one question, with everything that is to be seen of it.

use std::{borrow::Cow, sync::Arc};

use snapshot_core::{
    policy::{About, Answer, Decision, Run, Settings},
    verdict::Finding,
};
use snapshot_policy_host::{LoadError, Undecided, records::Topic};

use super::{Engine, Question, SettingsError, question, settings, trace};
use crate::blocking::blocking;

/// A policy that can be asked again and again.
#[derive(Clone, Debug)]
pub struct Loaded {
    name: String,
    policy: snapshot_policy_host::Policy,
}

/// Error: a policy cannot be loaded.
#[derive(Debug, thiserror::Error)]
#[error("policy {name}: {error}")]
pub struct LoadFailure {
    name: String,
    #[source]
    error: LoadError,
}

impl LoadFailure {
    /// Hint of the host: what the policy's author can do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        self.error.hint()
    }
}

impl Engine {
    /// Loads a policy, which may mean to compile it; `name` is for messages.
    pub async fn load(&self, name: &str, bytes: Cow<'static, [u8]>) -> Result<Loaded, LoadFailure> {
        let (engine, name) = (self.clone(), name.to_owned());
        blocking(move || engine.load_here(&name, &bytes)).await
    }

    /// Loads a policy where the caller may block.
    pub(super) fn load_here(&self, name: &str, bytes: &[u8]) -> Result<Loaded, LoadFailure> {
        match trace::load(self, name, bytes) {
            Ok(policy) => Ok(Loaded { name: name.to_owned(), policy }),
            Err(error) => Err(LoadFailure { name: name.to_owned(), error }),
        }
    }
}

impl Loaded {
    /// Decisions that it makes: one, or both.
    #[must_use]
    pub fn decisions(&self) -> Vec<Decision> {
        self.policy.decisions().collect()
    }

    /// The details that it looks up beside a question.
    #[must_use]
    pub fn topics(&self) -> Vec<Topic> {
        self.policy.topics()
    }

    /// Description that it gives of itself, and its decisions by its exports.
    #[must_use]
    pub fn about(&self) -> About {
        super::inspect::about(&self.policy)
    }

    /// Checks the settings against a schema that is the policy's own.
    pub async fn check(&self, told: &Settings) -> Result<(), SettingsError> {
        let schema = self.policy.describe().settings_schema.clone();
        let told = told.clone();
        blocking(move || settings::check(schema.as_deref(), &told)).await
    }

    /// Asks it, with the settings that are in the question.
    ///
    /// Whoever does not wait any more abandons the call: it ends at its limit,
    /// or with the process.
    pub async fn ask(&self, question: &Arc<Question>) -> Run {
        let (policy, question) = (self.clone(), Arc::clone(question));
        blocking(move || policy.ask_here(&question)).await
    }

    fn ask_here(&self, question: &Question) -> Run {
        let evaluation = trace::ask(&self.name, &self.policy, question);
        let failed = !matches!(evaluation.result, Ok(_) | Err(Undecided::Declined { .. }));
        let (answer, hint) = match evaluation.result {
            Ok(findings) => {
                let findings: Vec<Finding> = findings.into_iter().map(question::finding).collect();
                (Answer::Findings(findings), None)
            }
            Err(undecided) => {
                let hint = Some(undecided.hint().to_owned()).filter(|hint| !hint.is_empty());
                (Answer::Undecided(undecided.to_string()), hint)
            }
        };
        Run {
            policy: self.name.clone(),
            digest: self.policy.digest(),
            decision: question.decision(),
            question_digest: evaluation.question,
            answer,
            hint,
            failed,
            printed: evaluation.output,
            microseconds: u64::try_from(evaluation.duration.as_micros()).unwrap_or(u64::MAX),
            peak_memory: evaluation.peak_memory as u64,
        }
    }

    /// The policy itself.
    pub(super) fn policy(&self) -> &snapshot_policy_host::Policy {
        &self.policy
    }
}
