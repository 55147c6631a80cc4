//! Status, warnings and errors on stderr.

use std::io::{self, Write};

use anstream::AutoStream;
use owo_colors::{OwoColorize, Style};
use snapshot_core::visible;

use super::Ui;

/// Prefix that kubectl puts before a server's own words; they need no second prefix.
const FROM_SERVER: &str = "Error from server";

impl Ui {
    /// Says what is going on.
    pub fn status(&self, text: &str) {
        self.say(&visible::lines(text));
    }

    /// Shows what was traced, in less than full colour.
    pub(super) fn trace(&self, line: &str) {
        self.say(&self.toned(line, Style::new().dimmed()));
    }

    /// Says what the reader should know, and what stops nothing.
    pub fn warning(&self, text: &str) {
        let prefix = self.toned("Warning:", Style::new().yellow());
        self.say(&format!("{prefix} {}", visible::lines(text)));
    }

    /// Says what the reader can do.
    pub fn hint(&self, text: &str) {
        self.lines(&[text.to_owned()], &self.toned("hint:", Style::new().cyan()));
    }

    /// Says what went wrong, why, and what to do, a line each.
    pub fn error(&self, message: &str, causes: &[String], hints: &[String]) {
        let red = Style::new().red().bold();
        self.say(&with_prefix(message, &self.toned("error:", red)));
        self.lines(causes, &self.toned("caused by:", Style::new().red()));
        self.lines(hints, &self.toned("hint:", Style::new().cyan()));
    }

    fn lines(&self, texts: &[String], prefix: &str) {
        for text in texts {
            self.say(&format!("{prefix} {}", visible::lines(text)));
        }
    }

    fn toned(&self, text: &str, style: Style) -> String {
        if self.choice.decide(self.surroundings.stderr) {
            text.style(style).to_string()
        } else {
            text.to_owned()
        }
    }

    /// Prints above whatever moves. Where stderr is gone there is nobody left to tell.
    ///
    /// Commands are told as they are typed here.
    pub(super) fn say(&self, text: &str) {
        let text = self.program.with_program_name(text);
        self.bars.suspend(|| {
            let mut stderr = AutoStream::always(io::stderr().lock());
            let _ = writeln!(stderr, "{}", text.trim_end_matches('\n'));
        });
    }
}

fn with_prefix(message: &str, prefix: &str) -> String {
    let message = visible::lines(message);
    if message.starts_with(FROM_SERVER) {
        message.into_owned()
    } else {
        format!("{prefix} {message}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_begin_as_kubectls_do() {
        assert_eq!(with_prefix("no cluster", "error:"), "error: no cluster");
        let server = "Error from server (NotFound): deployments.apps \"cart\" not found";
        assert_eq!(with_prefix(server, "error:"), server);
    }

    #[test]
    fn what_a_server_says_is_shown_and_not_obeyed() {
        assert_eq!(with_prefix("one\n\u{1b}[2Jtwo", "error:"), "error: one\n\\u{1b}[2Jtwo");
    }
}
