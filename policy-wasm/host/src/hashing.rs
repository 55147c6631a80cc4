//! Digests of questions.

use std::io::{self, BufWriter};

use serde::Serialize;
use snapshot_core::digest::{Digest, Hasher};

/// The digest of a record's compact JSON, its fields in the contract's order.
///
/// RFC 8785 would sort the fields; the order of `policy.wit` is as fixed, and
/// writing it costs a tenth of sorting ten thousand services.
pub(crate) fn of_json(record: &(impl Serialize + ?Sized)) -> Digest {
    let mut writer = BufWriter::with_capacity(64 << 10, Hasher::default());
    // Neither half can fail: the records have only strings as keys, and
    // hashing takes every byte.
    let written = serde_json::to_writer(&mut writer, record).map_err(io::Error::from);
    let hasher = written.and_then(|()| writer.into_inner().map_err(io::Error::from));
    hasher.expect("records are always JSON").finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_json_is_the_digest_of_its_text() {
        assert_eq!(of_json(&vec!["a", "b"]), Digest::of(br#"["a","b"]"#));
    }
}
