//! A set's digest and its size, in one pass.

use std::io::{self, Write};

use snapshot_core::{
    digest::{Digest, Hasher},
    parts::Document,
};

/// Digest and size of a set's canonical text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DigestAndSize {
    /// Digest of the text.
    pub(super) digest: Digest,
    /// Size of the text, in bytes.
    pub(super) bytes: u64,
}

impl DigestAndSize {
    /// Passes over the canonical text once, without keeping it.
    pub(super) fn of(document: &Document) -> Self {
        let mut counter = Counter::default();
        document.write_canonical(&mut counter).expect("counting cannot fail");
        Self { digest: counter.hasher.finish(), bytes: counter.bytes }
    }
}

#[derive(Default)]
struct Counter {
    hasher: Hasher,
    bytes: u64,
}

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        self.hasher.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
