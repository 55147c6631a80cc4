//! Policies in traces: a span for loading one, and one for each question.

use snapshot_policy_host::{Code, Evaluation, LoadError, Policy};
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

/// Asks a policy; the span says what it took and gave.
pub(super) fn ask(name: &str, policy: &Policy, question: &Question) -> Evaluation {
    let span = tracing::debug_span!(
        "ask",
        message = format_args!("ask policy {name} about {}", question.decision()),
        memory = Empty,
        findings = Empty,
        undecided = Empty,
    );
    span.in_scope(|| {
        let evaluation = answer(policy, question);
        span.record("memory", evaluation.peak_memory);
        match &evaluation.result {
            Ok(findings) => span.record("findings", findings.len()),
            Err(undecided) => span.record("undecided", undecided.to_string()),
        };
        evaluation
    })
}

/// Asks one policy, with the settings that are in the question.
pub(super) fn answer(policy: &Policy, question: &Question) -> Evaluation {
    let details = &question.details;
    match &question.words {
        Words::Compatibility(question) => policy.check_with(question, details),
        Words::Promotion(question) => policy.review_with(question, details),
    }
}
