//! Determinism: one question gives one answer, to the byte.

use crate::fixture::{load, messages, patient, question, told};
use std::sync::Arc;

const READ: &str = r#"{"do": "read"}"#;

#[test]
fn clocks_and_lots_are_the_same_in_every_replay() {
    let first = told(READ);
    // Another engine, as another process would have.
    let again = load(patient()).check(&question(READ));
    assert_eq!(messages(&first), messages(&again));
    assert_eq!(first.question, again.question);
    assert!(messages(&first)[3].ends_with("(0)"), "{:?}", messages(&first));
}

#[test]
fn the_wall_clock_stands_at_the_questions_time() {
    assert_eq!(messages(&told(READ))[0], "wall clock: 1760000000 s");
}

#[test]
fn another_question_draws_other_lots() {
    let mut other = question(READ);
    Arc::make_mut(&mut other.candidate).instances[0].name.push_str("-canary");
    let first = told(READ);
    let second = load(patient()).check(&other);
    assert_ne!(first.question, second.question);
    let (first, second) = (messages(&first), messages(&second));
    assert_eq!(first[..2], second[..2]);
    assert_ne!(first[2], second[2], "the order of a map");
    assert_ne!(first[3], second[3], "secure random");
}

#[test]
fn a_question_survives_as_json() {
    let question = question(READ);
    let json = serde_json::to_string(&question).unwrap();
    for part in [
        r#""feature-flags":[{"key":"tax-call""#,
        r#""dependent":{"feature-flag":"tax-call"},"dependency":{"service":"tax"}"#,
        r#""state":"unmet""#,
    ] {
        assert!(json.contains(part), "{part} is not in {json}");
    }
    assert_eq!(
        serde_json::from_str::<snapshot_policy_host::records::CompatibilityQuestion>(&json)
            .unwrap(),
        question
    );
}
