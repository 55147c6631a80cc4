//! Faults in the text of a requirement, by place.

/// Position of a fault in a requirement, in bytes from its start, and what was expected
/// there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) expected: &'static str,
}

impl Fault {
    /// Moves the fault `offset` bytes further from the start.
    pub(super) fn after(self, offset: usize) -> Self {
        Self { at: self.at + offset, ..self }
    }
}
