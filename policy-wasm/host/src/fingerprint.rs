//! Fingerprint of compiled code, to check it: never shown, never stored elsewhere.

use std::io::{self, BufRead, BufReader, Read};

/// A BLAKE3 hash. Tens of megabytes of machine code are hashed at every start,
/// which SHA-256 takes three times as long for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of `head`, and of the `length` bytes that `stream` has at most.
    pub(crate) fn of_stream(head: &[u8], stream: impl Read, length: u64) -> io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(head);
        // What is long is read in pieces that two cores can share.
        let piece = if length < LONG as u64 { 64 << 10 } else { LONG };
        let mut stream = BufReader::with_capacity(piece, stream.take(length));
        loop {
            let bytes = stream.fill_buf()?;
            if bytes.is_empty() {
                return Ok(Self(*hasher.finalize().as_bytes()));
            }
            if bytes.len() < LONG {
                hasher.update(bytes);
            } else {
                hasher.update_rayon(bytes);
            }
            let read = bytes.len();
            stream.consume(read);
        }
    }

    /// The 32 bytes.
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Size from which several threads are faster than one, in bytes.
const LONG: usize = 1 << 20;
