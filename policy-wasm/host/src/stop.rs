//! Explanation of a call that ended without an answer, in words for the person who reads
//! the verdict.

use crate::deadline::TimeExceeded;
use crate::evaluation::Undecided;
use crate::limits::Limits;
use crate::memory::MemoryExceeded;
use crate::visible;
use wasmtime::{Error, Trap};
use wasmtime_wasi::I32Exit;

/// Number of the last printed lines that go into a message.
const LINES: usize = 5;

/// `output` is what the policy printed: a panic says its reason there.
pub(crate) fn explain(error: &Error, output: &str, limits: &Limits) -> Undecided {
    if error.is::<TimeExceeded>() {
        Undecided::TimeLimit { limit: limits.time }
    } else if error.is::<MemoryExceeded>() {
        Undecided::MemoryLimit { limit: limits.memory }
    } else if let Some(I32Exit(status)) = error.downcast_ref() {
        Undecided::Exited { status: *status }
    } else if error.downcast_ref() == Some(&Trap::StackOverflow) {
        Undecided::StackOverflow
    } else if error.root_cause().to_string().contains("fuel allocated for hostcalls") {
        // wasmtime keeps the type of this error to itself.
        Undecided::AnswerTooLarge { limit: limits.answer }
    } else {
        let reason = visible::capped(&error.root_cause().to_string(), limits.text);
        Undecided::Crashed { reason: reason + known_as(error), printed: last_lines(output) }
    }
}

/// Usual cause of a trap, where its name does not say so.
fn known_as(error: &Error) -> &'static str {
    match error.downcast_ref() {
        // Compilers keep a stack of their own at the start of the memory.
        Some(Trap::MemoryOutOfBounds) => {
            ", which in many languages is what a recursion without an end looks like"
        }
        _ => "",
    }
}

/// The last lines, without Rust's advice about a variable that no policy is given.
fn last_lines(output: &str) -> String {
    let lines: Vec<&str> = output
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with("note: run with `RUST_BACKTRACE"))
        .collect();
    let before = lines.len().saturating_sub(LINES);
    let last = lines[before..].join("\n");
    match before {
        0 => last,
        1 => format!("… (1 line before)\n{last}"),
        before => format!("… ({before} lines before)\n{last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::last_lines;

    #[test]
    fn the_last_lines_hold_the_reason() {
        let panic = "thread 'main' (1) panicked at src/lib.rs:9:5:\nboom\n\
                     note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";
        assert_eq!(last_lines(panic), "thread 'main' (1) panicked at src/lib.rs:9:5:\nboom");
        assert_eq!(last_lines("1\n2\n\n3\n4\n5\n6\n"), "… (1 line before)\n2\n3\n4\n5\n6");
        assert_eq!(last_lines("1\n2\n3\n4\n5\n"), "1\n2\n3\n4\n5");
        assert_eq!(last_lines(""), "");
    }
}
