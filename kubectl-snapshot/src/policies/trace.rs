//! Policies in traces: a span for loading one, and one for each question.

use std::sync::Arc;

use snapshot_policy_host::{Code, Evaluation, LoadError, Policy, records::LookUps};
use tracing::field::Empty;

use super::{Engine, Question, asked::Words};

/// Loads a policy; the span says whether its code was in the cache.
pub(super) fn load(engine: &Engine, name: &str, bytes: &[u8]) -> Result<Policy, LoadError> {
    let span = tracing::debug_span!(
        "load",
        message = format_args!("load policy {name}"),
        bytes = bytes.len(),
        cache = Empty,
    );
    span.in_scope(|| {
        let loaded = engine.get().load(bytes);
        if let Ok(policy) = &loaded {
            let cache = match policy.code() {
                Code::Cached => "hit",
                Code::Compiled => "miss",
            };
            span.record("cache", cache);
        }
        loaded
    })
}

/// Asks a policy, which is told of the `ConfigMap`s of those names, or of all in the question; the
/// span says what it took and gave.
pub(super) fn ask(
    name: &str,
    policy: &Policy,
    question: &Question,
    config_maps: Option<&[String]>,
) -> Evaluation {
    let span = tracing::debug_span!(
        "ask",
        message = format_args!("ask policy {name} about {}", question.decision()),
        memory = Empty,
        findings = Empty,
        undecided = Empty,
    );
    span.in_scope(|| {
        let evaluation = answer(policy, question, config_maps);
        span.record("memory", evaluation.peak_memory);
        match &evaluation.result {
            Ok(findings) => span.record("findings", findings.len()),
            Err(undecided) => span.record("undecided", undecided.to_string()),
        };
        evaluation
    })
}

/// Asks one policy, with the settings that are in the question.
pub(super) fn answer(
    policy: &Policy,
    question: &Question,
    config_maps: Option<&[String]>,
) -> Evaluation {
    let told = LookUps {
        details: Arc::clone(&question.details),
        config_maps: config_maps.map(<[_]>::to_vec),
    };
    match &question.words {
        Words::Compatibility(question) => policy.check_with(question, &told),
        Words::Promotion(question) => policy.review_with(question, &told),
    }
}
