//! A program that runs while the test goes on.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::process::{code, finish, wait};
use crate::{Output, Redaction, schemas, wait_for};

/// A program that runs while the test goes on.
#[derive(Debug)]
#[must_use]
pub struct Running {
    pub(crate) child: Child,
    pub(crate) line: String,
    pub(crate) stdin: Option<String>,
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

    /// Does what pipelines and Jobs do to end it.
    ///
    /// # Panics
    /// Where it cannot be done.
    #[track_caller]
    pub fn terminate(&self) {
        assert!(self.send("-TERM"), "{} was gone before it was terminated", self.line);
    }

    /// Kills it: it has no say in that.
    ///
    /// # Panics
    /// Where it cannot be done.
    #[track_caller]
    pub fn kill(&self) {
        assert!(self.send("-KILL"), "{} was gone before it was killed", self.line);
    }

    /// Waits until it hears signals, and a moment longer: it is at its work by then.
    ///
    /// # Panics
    /// Where it ends before that.
    #[track_caller]
    pub fn is_at_work(&self) {
        const INTERRUPT: u64 = 1 << 1;
        let status = format!("/proc/{}/status", self.child.id());
        wait_for("the signals to be heard", || {
            let status = std::fs::read_to_string(&status).ok()?;
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?;
            let caught = u64::from_str_radix(caught.trim(), 16).ok()?;
            (caught & INTERRUPT != 0).then_some(())
        });
        std::thread::sleep(Duration::from_millis(400));
    }

    /// Waits for its end without reading a word of what it prints.
    ///
    /// # Panics
    /// Where it hangs.
    #[track_caller]
    #[must_use]
    pub fn finish_unread(mut self) -> i32 {
        let status = wait(&mut self.child, Instant::now() + self.timeout);
        let status =
            status.unwrap_or_else(|| panic!("killed after {:?}: {}", self.timeout, self.line));
        code(status)
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
    /// the message. Where it prints a report that is not as published.
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
        schemas::check(&output.stdout, || output.transcript());
        output
    }
}
