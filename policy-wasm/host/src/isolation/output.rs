//! Output of a policy: kept, in bounds, and shown beside its findings.

use crate::visible;
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

/// The last bytes of standard output and standard error, in the order written.
///
/// It never refuses a write: a guest that prints too much should be judged by
/// its findings, not die of a full pipe.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    kept: Arc<Mutex<Tail>>,
    limit: usize,
}

#[derive(Debug, Default)]
struct Tail {
    bytes: VecDeque<u8>,
    dropped: usize,
}

impl Output {
    pub(crate) fn new(limit: usize) -> Self {
        Self { kept: Arc::default(), limit }
    }

    fn append(&self, bytes: &[u8]) {
        let mut tail = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = &bytes[bytes.len().saturating_sub(self.limit)..];
        let old = (tail.bytes.len() + fresh.len()).saturating_sub(self.limit);
        tail.bytes.drain(..old);
        tail.bytes.extend(fresh);
        tail.dropped += old + (bytes.len() - fresh.len());
    }

    /// Text that was kept, safe to print; a first line says what was not.
    pub(crate) fn text(&self) -> String {
        let mut tail = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let dropped = tail.dropped;
        let bytes = tail.bytes.make_contiguous();
        // Of a character that was cut in two the rest is no text.
        let rest = bytes.iter().take(3).take_while(|byte| **byte & 0b1100_0000 == 0b1000_0000);
        let rest = if dropped == 0 { 0 } else { rest.count() };
        let kept = visible::lines(&String::from_utf8_lossy(&bytes[rest..]));
        match dropped + rest {
            0 => kept,
            1 => format!("… (1 byte before)\n{kept}"),
            dropped => format!("… ({dropped} bytes before)\n{kept}"),
        }
    }
}

impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.append(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(64 << 10)
    }
}

#[async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_bytes_are_kept() {
        let output = Output::new(4);
        output.append(b"one ");
        assert_eq!(output.text(), "one ");
        output.append(b"two");
        assert_eq!(output.text(), "… (3 bytes before)\n two");
        output.append(b"three and more");
        assert_eq!(output.text(), "… (17 bytes before)\nmore");
    }

    #[test]
    fn what_is_cut_is_counted() {
        let output = Output::new(4);
        output.append("aéé".as_bytes());
        assert_eq!(output.text(), "… (1 byte before)\néé");
        output.append(b"b");
        // Half of an é is gone, and nobody can read the other.
        assert_eq!(output.text(), "… (3 bytes before)\néb");
        output.append("税".as_bytes());
        assert_eq!(output.text(), "… (5 bytes before)\nb税");
    }
}
