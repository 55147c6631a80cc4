//! Choice of colour: `--color`.

use super::surroundings::Stream;

/// Choice of colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// Colour where the terminal can show it, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// True if `stream` gets colour.
    pub(super) fn decide(self, stream: Stream) -> bool {
        match self {
            Self::Auto => stream.colour,
            Self::Always => true,
            Self::Never => false,
        }
    }
}
