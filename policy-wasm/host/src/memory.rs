//! The memory limit, over everything that one call allocates.

use std::fmt;
use wasmtime::{ResourceLimiter, Result};

/// Counts the linear memories and tables of a store.
///
/// wasmtime's own `StoreLimits` bounds each memory by itself; a component may
/// have several.
#[derive(Debug)]
pub(crate) struct Memory {
    limit: usize,
    used: usize,
    peak: usize,
}

/// The error that ends a call which asks for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MemoryExceeded;

impl Memory {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, used: 0, peak: 0 }
    }

    pub(crate) fn peak(&self) -> usize {
        self.peak
    }

    /// Refusing with an error ends the guest. Answering `false` instead would
    /// leave it to the guest's allocator, which dies of a bare `unreachable`.
    fn grow(&mut self, from: usize, to: usize) -> Result<bool> {
        let used = self.used.saturating_add(to.saturating_sub(from));
        if used > self.limit {
            return Err(MemoryExceeded.into());
        }
        self.used = used;
        self.peak = self.peak.max(used);
        Ok(true)
    }
}

impl ResourceLimiter for Memory {
    fn memory_growing(&mut self, from: usize, to: usize, _: Option<usize>) -> Result<bool> {
        self.grow(from, to)
    }

    fn table_growing(&mut self, from: usize, to: usize, _: Option<usize>) -> Result<bool> {
        let element = size_of::<usize>();
        self.grow(from.saturating_mul(element), to.saturating_mul(element))
    }

    /// Each reserves gigabytes of address space, whatever it uses.
    fn memories(&self) -> usize {
        64
    }
}

impl fmt::Display for MemoryExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("asked for more memory than it may use")
    }
}

impl std::error::Error for MemoryExceeded {}
