//! What the process was started in.

use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice, stream::RawStream};
use terminal_size::{Width, terminal_size_of};

/// A terminal that does not say how wide it is.
const USUAL_WIDTH: usize = 80;

/// What is known of the process's streams and environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Where results go.
    pub stdout: Stream,
    /// Where everything else goes.
    pub stderr: Stream,
    /// Whether somebody can be asked.
    pub stdin_terminal: bool,
    /// What `COLUMNS` says.
    pub columns: Option<usize>,
}

/// One of the process's streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// Whether it is a terminal.
    pub terminal: bool,
    /// Whether it should be coloured, if nobody says otherwise: `NO_COLOR`,
    /// `CLICOLOR_FORCE` and the like, and what the terminal can show.
    pub colour: bool,
    /// How many columns it has.
    pub width: Option<usize>,
}

impl Surroundings {
    /// Those of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok());
        Self {
            stdout: Stream::of(&io::stdout(), terminal_size_of(io::stdout())),
            stderr: Stream::of(&io::stderr(), terminal_size_of(io::stderr())),
            stdin_terminal: io::stdin().is_terminal(),
            columns: columns.filter(|columns| *columns > 0),
        }
    }
}

impl Stream {
    fn of<S: RawStream>(stream: &S, size: Option<(Width, terminal_size::Height)>) -> Self {
        let terminal = stream.is_terminal();
        let width =
            size.map(|(Width(columns), _)| usize::from(columns)).filter(|columns| *columns > 0);
        Self {
            terminal,
            colour: AutoStream::choice(stream) != ColorChoice::Never,
            width: terminal.then(|| width.unwrap_or(USUAL_WIDTH)),
        }
    }
}
