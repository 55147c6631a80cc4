//! Evaluation of policies, side by side, with a report of each.

use std::{borrow::Cow, sync::Arc};

use futures::future::join_all;
use snapshot_core::{
    policy::{Mode, Settings},
    verdict::{Outcome, PolicyReport},
};
use snapshot_policy_host::{Policy, Undecided};

use super::{Engine, Question, question, settings, trace};
use crate::blocking::blocking;

/// A policy that is to be asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Name of the policy in reports.
    pub name: String,
    /// The component, or why it cannot be had.
    pub bytes: Result<Cow<'static, [u8]>, String>,
    /// Settings of the policy.
    pub settings: Settings,
    /// Mode of the binding.
    pub mode: Mode,
}

impl Asked {
    /// A policy whose findings decide, without settings.
    #[must_use]
    pub fn new(name: impl Into<String>, bytes: Result<Cow<'static, [u8]>, String>) -> Self {
        Self { name: name.into(), bytes, settings: Settings::default(), mode: Mode::Enforce }
    }
}

/// Asks each policy.
///
/// A policy that cannot be loaded or does not answer is reported as undecided,
/// never passed over.
pub async fn evaluate(
    engine: &Engine,
    asked: Vec<Asked>,
    question: &Arc<Question>,
) -> Vec<PolicyReport> {
    let answers = asked.into_iter().map(|asked| {
        let (engine, question) = (engine.clone(), Arc::clone(question));
        blocking(move || ask(&engine, &asked, &question))
    });
    join_all(answers).await
}

fn ask(engine: &Engine, asked: &Asked, question: &Question) -> PolicyReport {
    let mut report = report(asked, question);
    let bytes = match &asked.bytes {
        Ok(bytes) => bytes,
        Err(reason) => return PolicyReport { outcome: undecided(reason.clone()), ..report },
    };
    let policy = match trace::load(engine, &asked.name, bytes) {
        Ok(policy) => policy,
        Err(error) => {
            let reason = with_hint(&error.to_string(), error.hint());
            return PolicyReport { outcome: undecided(reason), ..report };
        }
    };
    report.digest = Some(policy.digest());
    if !policy.decisions().any(|decision| decision == question.decision()) {
        report.outcome = Outcome::NotAsked { reason: decides(&policy, question) };
        return report;
    }
    let schema = policy.describe().settings_schema.as_deref();
    if let Err(error) = settings::check(schema, &asked.settings) {
        return PolicyReport { outcome: undecided(error.to_string()), ..report };
    }
    let evaluation = trace::ask(&asked.name, &policy, &question.with(&asked.settings));
    report.question_digest = Some(evaluation.question);
    report.outcome = match evaluation.result {
        Ok(findings) => {
            Outcome::Decided { findings: findings.into_iter().map(question::finding).collect() }
        }
        Err(error) => undecided(in_words(&error)),
    };
    report
}

/// Report before the policy is asked.
fn report(asked: &Asked, question: &Question) -> PolicyReport {
    PolicyReport {
        policy: asked.name.clone(),
        digest: None,
        decision: question.decision(),
        question_digest: None,
        settings: asked.settings.clone(),
        mode: asked.mode,
        outcome: undecided("it was not asked".to_owned()),
    }
}

fn undecided(reason: String) -> Outcome {
    Outcome::Undecided { reason }
}

/// Reason why a policy did not decide, and what to do.
fn in_words(undecided: &Undecided) -> String {
    with_hint(&undecided.to_string(), undecided.hint())
}

fn decides(policy: &Policy, question: &Question) -> String {
    let decisions: Vec<String> = policy.decisions().map(|decision| decision.to_string()).collect();
    format!("it decides {}, not {}", decisions.join(" and "), question.decision())
}

/// Description of the failure, and what to do about it.
fn with_hint(what: &str, hint: &str) -> String {
    if hint.is_empty() { what.to_owned() } else { format!("{what}; {hint}") }
}
