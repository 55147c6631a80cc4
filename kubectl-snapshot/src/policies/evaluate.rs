//! Evaluation of policies, side by side, with a report of each.

use std::{borrow::Cow, sync::Arc};

use futures::future::join_all;
use snapshot_core::{
    policy::{Mode, Settings},
    verdict::{Outcome, PolicyReport},
};
use snapshot_policy_host::{Policy, Undecided};

use super::{Engine, Lookup, Question, Wanted, question, settings, trace};
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
    /// Names of the `ConfigMap`s that the binding names.
    pub config_maps: Vec<String>,
}

impl Asked {
    /// A policy whose findings decide, without settings.
    #[must_use]
    pub fn new(name: impl Into<String>, bytes: Result<Cow<'static, [u8]>, String>) -> Self {
        Self {
            name: name.into(),
            bytes,
            settings: Settings::default(),
            mode: Mode::Enforce,
            config_maps: Vec::new(),
        }
    }
}

/// Asks each policy, and returns the question with the details that they look up.
///
/// A policy that cannot be loaded or does not answer is reported as undecided,
/// never passed over.
pub async fn evaluate(
    engine: &Engine,
    asked: Vec<Asked>,
    question: Question,
    facts: &dyn Lookup,
) -> (Vec<PolicyReport>, Arc<Question>) {
    let loaded = join_all(asked.into_iter().map(|asked| {
        let engine = engine.clone();
        blocking(move || {
            let loaded = load(&engine, &asked);
            (asked, loaded)
        })
    }))
    .await;
    let wanted = wanted(&loaded, &question);
    let question = Arc::new(question.tell(facts, &wanted));
    let answers = loaded.into_iter().map(|(asked, loaded)| {
        let question = Arc::clone(&question);
        blocking(move || ask(&asked, loaded, &question))
    });
    (join_all(answers).await, question)
}

/// Everything that the policies look up which make the decision.
fn wanted(loaded: &[(Asked, Result<Policy, String>)], question: &Question) -> Wanted {
    let mut wanted = Wanted::default();
    for (asked, policy) in loaded {
        let Ok(policy) = policy else { continue };
        if policy.decisions().any(|one| one == question.decision()) {
            wanted.topics.extend(policy.topics());
            wanted.config_maps.extend(asked.config_maps.iter().cloned());
        }
    }
    wanted
}

/// Loads a policy, or says why it cannot be had.
fn load(engine: &Engine, asked: &Asked) -> Result<Policy, String> {
    let bytes = asked.bytes.as_ref().map_err(String::clone)?;
    trace::load(engine, &asked.name, bytes)
        .map_err(|error| with_hint(&error.to_string(), error.hint()))
}

fn ask(asked: &Asked, loaded: Result<Policy, String>, question: &Question) -> PolicyReport {
    let mut report = report(asked, question);
    let policy = match loaded {
        Ok(policy) => policy,
        Err(reason) => return PolicyReport { outcome: undecided(reason), ..report },
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
    let question = question.with(&asked.settings);
    let names = Some(&*asked.config_maps);
    let evaluation = trace::ask(&asked.name, &policy, &question, names);
    report.question_digest = Some(evaluation.question);
    report.outcome = match evaluation.result {
        Ok(findings) => {
            Outcome::Decided { findings: question::findings(findings, &evaluation.may_pass) }
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
        config_maps: asked.config_maps.clone(),
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
