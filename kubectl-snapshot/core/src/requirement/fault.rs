//! Faults in the text of a requirement, by place.

/// Where a part of a requirement goes wrong, in bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) expected: &'static str,
}

impl Fault {
    /// The same fault, seen from `offset` bytes further to the left.
    pub(super) fn after(self, offset: usize) -> Self {
        Self { at: self.at + offset, ..self }
    }
}
