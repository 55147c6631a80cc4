//! The terminal: what it can do, and the only place that prints to it.
//!
//! Results go to stdout; status, warnings, errors and progress go to stderr.

mod choice;
mod confirm;
mod messages;
mod output;
mod program;
mod progress;
mod surroundings;
mod trace;

use indicatif::{MultiProgress, ProgressDrawTarget};

pub use choice::ColorChoice;
pub use confirm::ConfirmError;
pub use output::is_closed_stdout;
pub use program::Program;
pub use surroundings::Surroundings;
pub use trace::show_traces;

/// The user's terminal, looked at once. Clones are the same terminal.
#[derive(Clone, Debug)]
pub struct Ui {
    surroundings: Surroundings,
    choice: ColorChoice,
    /// Name of this program in messages.
    program: Program,
    /// Progress bars on stderr; messages are printed above them.
    bars: MultiProgress,
}

impl Ui {
    /// The terminal of this process.
    #[must_use]
    pub fn new(choice: ColorChoice) -> Self {
        let program = Program::of_process();
        Self { program, ..Self::within(Surroundings::of_process(), choice) }
    }

    /// A terminal of which everything is known.
    #[must_use]
    pub fn within(surroundings: Surroundings, choice: ColorChoice) -> Self {
        let moves = surroundings.stderr.terminal;
        let target = if moves {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        Self {
            surroundings,
            choice,
            program: Program::default(),
            bars: MultiProgress::with_draw_target(target),
        }
    }

    /// Name of this program here.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// True if results are coloured.
    #[must_use]
    pub fn colour(&self) -> bool {
        self.choice.decide(self.surroundings.stdout)
    }

    /// Width of results in columns; without a number, lines are as long as they are.
    ///
    /// `COLUMNS` goes before what the terminal says, also where there is none.
    #[must_use]
    pub fn width(&self) -> Option<usize> {
        self.surroundings.columns.or(self.surroundings.stdout.width)
    }

    /// True if somebody can type here, Ctrl-C for instance.
    #[must_use]
    pub fn has_keyboard(&self) -> bool {
        self.surroundings.stdin_terminal
    }

    /// True if results are read as they are printed.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.surroundings.stdout.terminal
    }
}

#[cfg(test)]
mod tests {
    use super::{surroundings::Stream, *};

    const TERMINAL: Stream = Stream { terminal: true, colour: true, width: Some(120) };

    fn ui(stdout: Stream, columns: Option<usize>, choice: ColorChoice) -> Ui {
        Ui::within(Surroundings { stdout, columns, ..Surroundings::default() }, choice)
    }

    #[test]
    fn a_pipe_gets_no_colour_and_has_no_width() {
        let ui = ui(Stream::default(), None, ColorChoice::Auto);
        assert_eq!((ui.colour(), ui.width(), ui.is_terminal()), (false, None, false));
    }

    #[test]
    fn a_terminal_gets_both() {
        let ui = ui(TERMINAL, None, ColorChoice::Auto);
        assert_eq!((ui.colour(), ui.width(), ui.is_terminal()), (true, Some(120), true));
    }

    #[test]
    fn the_user_has_the_last_word() {
        assert!(ui(Stream::default(), None, ColorChoice::Always).colour());
        assert!(!ui(TERMINAL, None, ColorChoice::Never).colour());
        assert_eq!(ui(TERMINAL, Some(80), ColorChoice::Auto).width(), Some(80));
        assert_eq!(ui(Stream::default(), Some(80), ColorChoice::Auto).width(), Some(80));
    }
}
