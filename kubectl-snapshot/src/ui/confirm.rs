//! Confirmation by a person before something is done.

use std::io::{self, BufRead, Write};

use snapshot_core::visible;

use super::Ui;

/// Error: a question got no answer.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// No terminal to ask on.
    #[error("nobody can be asked, because this is no terminal")]
    NotATerminal,
    /// The terminal went away.
    #[error("the answer cannot be read: {0}")]
    Read(#[from] io::Error),
}

impl Ui {
    /// Asks; whatever is not a yes is a no.
    ///
    /// It blocks until there is an answer: an asynchronous caller asks on a
    /// thread of its own, so that Ctrl-C is still heard.
    pub fn confirm(&self, question: &str) -> Result<bool, ConfirmError> {
        if !self.surroundings.stdin_terminal || !self.surroundings.stderr.terminal {
            return Err(ConfirmError::NotATerminal);
        }
        self.bars.suspend(|| ask(question, &mut io::stderr().lock(), &mut io::stdin().lock()))
    }
}

fn ask(
    question: &str,
    out: &mut impl Write,
    answer: &mut impl BufRead,
) -> Result<bool, ConfirmError> {
    write!(out, "{} [y/N] ", visible::lines(question))?;
    out.flush()?;
    let mut line = String::new();
    if answer.read_line(&mut line)? == 0 {
        // Ctrl-D leaves the cursor behind the question.
        writeln!(out)?;
    }
    Ok(matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{ColorChoice, Surroundings};

    #[test]
    fn only_yes_is_yes() {
        for (answer, yes) in [
            ("y\n", true),
            ("YES\r\n", true),
            ("\n", false),
            ("", false),
            ("no\n", false),
            ("yep\n", false),
        ] {
            let mut out = Vec::new();
            assert_eq!(
                ask("Make these 3 writes?", &mut out, &mut answer.as_bytes()).unwrap(),
                yes,
                "{answer:?}"
            );
            assert!(out.starts_with(b"Make these 3 writes? [y/N] "));
        }
    }

    #[test]
    fn nobody_is_asked_off_a_terminal() {
        let error =
            Ui::within(Surroundings::default(), ColorChoice::Auto).confirm("?").unwrap_err();
        assert!(matches!(error, ConfirmError::NotATerminal), "{error}");
    }
}
