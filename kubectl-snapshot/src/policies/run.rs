//! Run of one policy on one question, with everything that is to be seen of it.

use std::{borrow::Cow, sync::Arc};

use snapshot_core::{
    name::StageName,
    policy::{About, Answer, Decision, Run, Settings},
};
use snapshot_policy_host::{LoadError, Undecided};

use super::{
    Engine, Question, SettingsError, Wanted, question, settings, trace,
    trial::{self, NoAnswer},
};
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
    /// Asks it an empty question of each of its decisions, with settings that it takes; `stage` is
    /// where something would be promoted to.
    pub async fn try_out(
        &self,
        settings: &Settings,
        stage: Option<&StageName>,
        now: u64,
    ) -> Result<(), NoAnswer> {
        let (loaded, settings, stage) = (self.clone(), settings.clone(), stage.cloned());
        blocking(move || {
            trial::try_out(&loaded.name, &loaded.policy, &settings, stage.as_ref(), now)
        })
        .await
    }

    /// Decisions that it makes: one, or both.
    #[must_use]
    pub fn decisions(&self) -> Vec<Decision> {
        self.policy.decisions().collect()
    }

    /// The details that it looks up beside a question, with those `ConfigMap`s.
    #[must_use]
    pub fn wanted(&self, config_maps: impl IntoIterator<Item = String>) -> Wanted {
        let topics = self.policy.topics().into_iter().collect();
        Wanted { topics, config_maps: config_maps.into_iter().collect() }
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

    /// Asks it, with the settings that are in the question; it is told of the `ConfigMap`s of
    /// those names, or of all in the question.
    ///
    /// Whoever does not wait any more abandons the call: it ends at its limit,
    /// or with the process.
    pub async fn ask(&self, question: &Arc<Question>, config_maps: Option<&[String]>) -> Run {
        let (policy, question) = (self.clone(), Arc::clone(question));
        let config_maps = config_maps.map(<[_]>::to_vec);
        blocking(move || policy.ask_here(&question, config_maps.as_deref())).await
    }

    fn ask_here(&self, question: &Question, config_maps: Option<&[String]>) -> Run {
        let evaluation = trace::ask(&self.name, &self.policy, question, config_maps);
        let failed = !matches!(evaluation.result, Ok(_) | Err(Undecided::Declined { .. }));
        let (answer, hint) = match evaluation.result {
            Ok(findings) => {
                (Answer::Findings(question::findings(findings, &evaluation.may_pass)), None)
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
