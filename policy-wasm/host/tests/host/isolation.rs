//! Isolation: nothing outside a policy's world, and nothing left in it afterwards.

use crate::fixture::{POLICY, messages, question, told};
use std::thread;
use wasmtime_wasi::runtime::in_tokio;

#[test]
fn nothing_leads_outside() {
    assert_eq!(
        messages(&told(r#"{"do": "attempt"}"#)),
        [
            "variables: 0, arguments: 0",
            r#"standard input: Ok("")"#,
            "read a file: refused",
            "list a directory: refused",
            "write a file: refused",
            "resolve a name: refused",
            "connect: refused",
            "bind: refused",
        ]
    );
}

#[test]
fn a_call_leaves_nothing_for_the_next() {
    assert!(told(r#"{"do": "panic"}"#).result.is_err());
    let memory = told(r#"{"do": "allocate", "mebibytes": 50}"#).peak_memory;
    let after = told(r#"{"do": "say-all"}"#);
    assert!(after.result.is_ok());
    assert!(after.peak_memory < memory);
    assert_eq!(after.output, "");
}

#[test]
fn calls_run_side_by_side() {
    thread::scope(|scope| {
        let calls: Vec<_> = (0..8)
            .map(|n| {
                let settings = format!(r#"{{"do": "decline", "with": "{n}"}}"#);
                scope.spawn(move || {
                    POLICY.check(&question(&settings)).result.unwrap_err().to_string()
                })
            })
            .collect();
        let answers: Vec<_> = calls.into_iter().map(|call| call.join().unwrap()).collect();
        assert_eq!(answers, ["0", "1", "2", "3", "4", "5", "6", "7"]);
    });
}

/// wasmtime-wasi would panic here if the guest ran on the caller's thread.
#[test]
fn asynchronous_code_may_ask() {
    let evaluation = in_tokio(async { told(r#"{"do": "print", "bytes": 10}"#) });
    assert_eq!(messages(&evaluation), ["printed 10 bytes"]);
}
