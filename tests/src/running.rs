//! A program that runs while the test goes on.

use std::process::{Child, Command};
use std::time::Duration;

use crate::process::finish;
use crate::{Output, Redaction};

/// A program that runs while the test goes on.
#[derive(Debug)]
#[must_use]
pub struct Running {
    pub(crate) child: Child,
    pub(crate) line: String,
    pub(crate) stdin: String,
    pub(crate) timeout: Duration,
    pub(crate) redaction: Redaction,
}

impl Running {
    /// Does what Ctrl-C does.
    ///
    /// # Panics
    /// Where it cannot be done.
    #[track_caller]
    pub fn interrupt(&self) {
        assert!(self.send("-INT"), "{} was gone before it was interrupted", self.line);
    }

    /// Holds it up while `meanwhile` is done. Returns whether it was still there.
    #[track_caller]
    #[must_use]
    pub fn held_up(&self, meanwhile: impl FnOnce()) -> bool {
        let there = self.send("-STOP");
        meanwhile();
        there && self.send("-CONT")
    }

    fn send(&self, signal: &str) -> bool {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        sent.expect("there is a kill").success()
    }

    /// Waits for its end, whatever that is.
    ///
    /// # Panics
    /// Where it hangs: then it is killed, and what it had printed by then is
    /// the message.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "some tests only want it to have run")]
    pub fn finish(self) -> Output {
        let ended = finish(self.child, self.stdin, self.timeout);
        let output = Output {
            line: self.line,
            exit: ended.exit.unwrap_or(-1),
            stdout: ended.stdout,
            stderr: ended.stderr,
            redaction: self.redaction,
        };
        let hung = ended.exit.is_none();
        assert!(!hung, "killed after {:?}:\n{}", self.timeout, output.transcript());
        output
    }
}
