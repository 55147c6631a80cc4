//! What the user wants of colour.

use super::surroundings::Stream;

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// Where the terminal can show it, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Whether to use it on `stream`.
    pub(super) fn decide(self, stream: Stream) -> bool {
        match self {
            Self::Auto => stream.colour,
            Self::Always => true,
            Self::Never => false,
        }
    }
}
