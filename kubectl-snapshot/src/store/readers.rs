//! Readers of what stands in a store, as functions of bytes.

use snapshot_core::snapshot::Spec;

use super::{
    chunk::{self, LARGEST},
    pack::PackList,
    piece,
};

/// A head's list of chunks, up to an empty line; then the bytes of a chunk, which hold pieces.
pub fn chunk(bytes: &[u8]) {
    let split = bytes.windows(2).position(|two| two == b"\n\n");
    let (list, blob) = split.map_or((bytes, bytes), |at| (&bytes[..=at], &bytes[at + 2..]));
    let chunks = String::from_utf8_lossy(list).into_owned();
    let _ = PackList::named(&chunks);
    let _ = PackList { chunks, pieces: blob.to_vec() }.read();
    for size in [blob.len(), LARGEST] {
        let _ = chunk::decompress(blob, size);
    }
    let text = zstd::bulk::decompress(blob, LARGEST).unwrap_or_else(|_| blob.to_vec());
    let mut spec = Spec::default();
    for line in piece::lines(&text) {
        let _ = piece::read_into(&mut spec, line);
    }
    let _ = spec.digest();
}
