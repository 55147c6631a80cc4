//! Content digests: of a policy's file, and of a question.

use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io::{self, BufWriter, Write};

/// A SHA-256, shown as `sha256:` and 64 digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of `parts`, one after the other.
    pub(crate) fn of_parts(parts: &[&[u8]]) -> Self {
        let hasher = parts.iter().fold(Sha256::new(), sha2::Digest::chain_update);
        Self(hasher.finalize().into())
    }

    /// The digest of a record's compact JSON, its fields in the contract's order.
    ///
    /// RFC 8785 would sort the fields; the order of `policy.wit` is as fixed, and
    /// writing it costs a tenth of sorting ten thousand services.
    pub(crate) fn of_json(record: &(impl Serialize + ?Sized)) -> Self {
        let mut writer = BufWriter::with_capacity(64 << 10, Hashing(Sha256::new()));
        // Neither half can fail: the records have only strings as keys, and
        // hashing takes every byte.
        let written = serde_json::to_writer(&mut writer, record).map_err(io::Error::from);
        let hashing = written.and_then(|()| writer.into_inner().map_err(io::Error::from));
        Self(hashing.expect("records are always JSON").0.finalize().into())
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hexadecimal digits, without `sha256:`.
    #[must_use]
    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", HEXLOWER.encode_display(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shown_as_the_registry_shows_it() {
        assert_eq!(
            Digest::of(b"").to_string(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn of_json_is_the_digest_of_its_text() {
        assert_eq!(Digest::of_json(&vec!["a", "b"]), Digest::of(br#"["a","b"]"#));
    }
}
