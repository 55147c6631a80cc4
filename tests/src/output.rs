//! Output of a run.

use std::fmt::{self, Display, Formatter, Write};

use serde_json::Value;

use crate::Redaction;

/// The whole answer of one run: exit code, stdout and stderr.
///
/// It displays as a transcript without what differs between two runs, so that
/// `insta::assert_snapshot!(output)` checks all three together.
#[derive(Debug)]
pub struct Output {
    pub(crate) line: String,
    /// The exit code; 128 and the signal's number where one ended the run.
    pub exit: i32,
    /// Text on stdout, for programs and pipes.
    pub stdout: String,
    /// Text on stderr, for people.
    pub stderr: String,
    pub(crate) redaction: Redaction,
}

impl Output {
    /// stdout as one JSON document.
    ///
    /// # Panics
    /// Where it is none.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is no JSON: {error}\n{}", self.transcript()))
    }

    /// A text without what differs between two runs of this program.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        self.redaction.apply(text)
    }

    /// The transcript as it was, for messages of failed assertions.
    #[must_use]
    pub fn transcript(&self) -> String {
        let mut transcript = format!("$ {}\nexit: {}\n", self.line, self.exit);
        for (title, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            // A part that is absent was empty.
            if !text.is_empty() {
                let _ = write!(transcript, "-- {title} --\n{text}");
                if !text.ends_with('\n') {
                    transcript.push_str("[no newline]\n");
                }
            }
        }
        transcript
    }
}

impl Display for Output {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.redaction.apply(&self.transcript()))
    }
}
