//! Resource limits of a policy.

use std::time::Duration;

/// The limits of one call, and of what it may answer.
///
/// They hold in every command: a policy that passes a test at a desk is stopped
/// by the same limits in a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Wall time of one call, instantiation included.
    pub time: Duration,
    /// Bytes of linear memory and tables, over all memories of the component.
    pub memory: usize,
    /// Findings in one answer. More make the answer undecided: reading only the
    /// first ones could lose the one that denies.
    pub findings: usize,
    /// Bytes of one text in an answer. A longer one is cut, and says so: it
    /// still denies.
    pub text: usize,
    /// Bytes of one whole answer, before it is looked at.
    pub answer: usize,
    /// Bytes kept of what a policy prints: the last ones, for the reason of a
    /// failure is printed last.
    pub output: usize,
    /// Bytes of a policy's file.
    pub component: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(5),
            memory: 256 << 20,
            findings: 10_000,
            text: 4 << 10,
            answer: 32 << 20,
            output: 64 << 10,
            component: 64 << 20,
        }
    }
}
