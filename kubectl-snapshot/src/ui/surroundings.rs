//! Surroundings of the process: streams and environment.

use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice, stream::RawStream};
use terminal_size::{Width, terminal_size_of};

/// A terminal that does not say how wide it is.
const USUAL_WIDTH: usize = 80;

/// Properties of the process's streams and environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Stream of results.
    pub stdout: Stream,
    /// Stream of everything else.
    pub stderr: Stream,
    /// True if somebody can be asked.
    pub stdin_terminal: bool,
    /// Value of `COLUMNS`.
    pub columns: Option<usize>,
}

/// One of the process's streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// True for a terminal.
    pub terminal: bool,
    /// True if the stream gets colour by default: `NO_COLOR`, `CLICOLOR_FORCE` and the
    /// like, and what the terminal can show.
    pub colour: bool,
    /// Width in columns.
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
