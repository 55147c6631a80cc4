//! A policy that takes too much is stopped, and the reason is in plain words.

use crate::fixture::{POLICY, load, messages, patient, question, told, undecided};
use snapshot_policy_host::{Limits, Undecided};
use std::thread;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(200);

fn in_short(settings: &str) -> String {
    undecided(&load(Limits { time: SHORT, ..Limits::default() }).check(&question(settings)))
}

#[test]
fn a_loop_without_end() {
    assert_eq!(in_short(r#"{"do": "loop"}"#), "the policy ran longer than 0.2 s and was stopped");
}

#[test]
fn a_sleep_is_over_at_once() {
    // An hour: this test ends, or it does not.
    assert_eq!(messages(&told(r#"{"do": "sleep", "seconds": 3600}"#)), ["slept 3600 s"]);
}

#[test]
fn sleeping_without_end_is_stopped_too() {
    assert_eq!(
        in_short(r#"{"do": "sleep-for-ever"}"#),
        "the policy ran longer than 0.2 s and was stopped"
    );
}

#[test]
fn waiting_for_the_clock_ends() {
    assert_eq!(messages(&told(r#"{"do": "await-the-clock"}"#)), ["it moved on"]);
}

#[test]
fn one_call_that_is_stopped_does_not_stop_others() {
    let policy = load(Limits { time: SHORT * 5, ..Limits::default() });
    thread::scope(|scope| {
        let looping: Vec<_> =
            (0..3).map(|_| scope.spawn(|| policy.check(&question(r#"{"do": "loop"}"#)))).collect();
        // Other hosts have other engines; this one has the same, and more time.
        let patient = &*POLICY;
        let answer = scope.spawn(|| patient.check(&question(r#"{"do": "say-all"}"#)));
        assert!(answer.join().unwrap().result.is_ok());
        for call in looping {
            let limit = SHORT * 5;
            assert_eq!(call.join().unwrap().result, Err(Undecided::TimeLimit { limit }));
        }
    });
}

#[test]
fn memory_without_end() {
    let evaluation = told(r#"{"do": "grow"}"#);
    assert_eq!(
        undecided(&evaluation),
        "the policy asked for more than 256 MiB of memory and was stopped"
    );
    assert!(evaluation.peak_memory <= 256 << 20);
    assert!(evaluation.peak_memory > 200 << 20);
}

#[test]
fn memory_is_measured() {
    let evaluation = told(r#"{"do": "allocate", "mebibytes": 100}"#);
    assert_eq!(messages(&evaluation), ["had 100 MiB"]);
    assert!(evaluation.peak_memory > 100 << 20);
}

#[test]
fn recursion_without_end() {
    assert_eq!(
        undecided(&told(r#"{"do": "recurse"}"#)),
        "the policy used up its call stack and was stopped"
    );
}

#[test]
fn recursion_with_much_in_each_frame() {
    assert_eq!(
        undecided(&told(r#"{"do": "recurse-with-much"}"#)),
        "the policy crashed: wasm trap: out of bounds memory access, which in many languages is \
         what a recursion without an end looks like"
    );
}

#[test]
fn an_answer_without_end() {
    let policy = load(Limits { answer: 1 << 20, ..patient() });
    let evaluation = policy.check(&question(r#"{"do": "find-long", "bytes": 2000000}"#));
    assert_eq!(undecided(&evaluation), "the policy's answer is larger than 1 MiB");
}

#[test]
fn a_panic_shows_its_message() {
    let evaluation = told(r#"{"do": "panic"}"#);
    let message = undecided(&evaluation);
    assert!(
        message.starts_with(
            "the policy crashed: wasm trap: wasm `unreachable` instruction executed; it printed: "
        ),
        "{message}"
    );
    assert!(message.ends_with("the tax is too damn high"), "{message}");
    assert!(evaluation.output.contains("panicked at src/lib.rs:"), "{}", evaluation.output);
}

#[test]
fn an_exit_is_no_answer() {
    assert_eq!(
        undecided(&told(r#"{"do": "exit", "status": 0}"#)),
        "the policy exited with status 0 instead of answering"
    );
}
