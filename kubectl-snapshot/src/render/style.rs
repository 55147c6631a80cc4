//! Style of the output: colour, width, terminal.

/// Properties of the place that a report is printed to.
///
/// The caller decides it once; nothing in this module looks at the process's
/// environment. The default suits a file or a pipe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// True if colours may be used.
    pub colour: bool,
    /// Width in columns; without a number, lines are as long as they are.
    pub width: Option<usize>,
    /// True if a person reads it as it is printed: values that `-o jsonpath` hands to a
    /// script byte by byte are made visible then.
    pub terminal: bool,
}
