//! How the reader's terminal wants it.

/// What is known of the place that a report is printed to.
///
/// The caller decides it once; nothing in this module looks at the process's
/// environment. The default suits a file or a pipe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether colours may be used.
    pub colour: bool,
    /// How many columns there are; without a number, lines are as long as they are.
    pub width: Option<usize>,
    /// Whether a person reads it as it is printed: values that `-o jsonpath`
    /// hands to a script byte by byte are made visible then.
    pub terminal: bool,
}
