//! Blobs small enough for a ConfigMap, named by what they hold.
//!
//! A chunk is named by the digest of its bytes before compression: every
//! version of zstd may write other bytes, and all of them read back the same.

use fastcdc::v2020::FastCDC;
use snapshot_core::digest::Digest;

/// The most bytes of a chunk before compression. A ConfigMap holds 1 MiB, and
/// what cannot be compressed must fit as well.
pub(super) const LARGEST: usize = 640 * 1024;
/// The least and the usual bytes of a chunk that is cut by its content.
const SMALLEST: usize = 64 * 1024;
const USUAL: usize = 256 * 1024;
/// Compression level: on these texts, level 1 is as small as level 6 and five times as
/// fast.
const LEVEL: i32 = 1;

/// Name of a chunk, and its size, which bounds it before it is decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChunkId {
    /// The digest of the bytes.
    pub(super) digest: Digest,
    /// Number of bytes.
    pub(super) bytes: usize,
}

/// Damage: what was stored as a chunk is not that chunk.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Damage {
    /// Missing chunk.
    #[error("is missing")]
    Missing,
    /// Data that cannot be decompressed.
    #[error("cannot be decompressed to {expected} bytes: {cause}")]
    Compression {
        /// The size on record.
        expected: usize,
        /// Message of the library.
        cause: String,
    },
    /// ConfigMap or file without the chunk's data.
    #[error("has no binaryData.chunk")]
    NoChunk,
    /// The bytes are others.
    #[error("holds bytes of the digest {0}, which is not its own")]
    Digest(Digest),
}

impl ChunkId {
    /// The name of these bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self { digest: Digest::of(bytes), bytes: bytes.len() }
    }

    /// The bytes of this chunk out of what is stored for it.
    ///
    /// Memory is bounded by the size on record, whatever the blob claims.
    pub(super) fn decompress(self, blob: &[u8]) -> Result<Vec<u8>, Damage> {
        let bytes = decompress(blob, self.bytes)?;
        let actual = Digest::of(&bytes);
        if actual == self.digest { Ok(bytes) } else { Err(Damage::Digest(actual)) }
    }
}

/// Refuses what is not the chunk of that digest, where its size is not on record.
pub(super) fn verify(digest: Digest, blob: &[u8]) -> Result<(), Damage> {
    let refuse = |cause: String| Damage::Compression { expected: LARGEST, cause };
    let bytes = zstd::bulk::decompress(blob, LARGEST).map_err(|error| refuse(error.to_string()))?;
    let actual = Digest::of(&bytes);
    if actual == digest { Ok(()) } else { Err(Damage::Digest(actual)) }
}

/// Compresses the bytes of a chunk, or of a chunk's size.
///
/// # Panics
/// Never, unless memory ends: the target always has room.
pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(bytes, LEVEL).expect("the library provides a buffer that is large enough")
}

/// Decompresses to no more than `most` bytes.
pub(super) fn decompress_at_most(blob: &[u8], most: usize) -> Result<Vec<u8>, Damage> {
    zstd::bulk::decompress(blob, most)
        .map_err(|error| Damage::Compression { expected: most, cause: error.to_string() })
}

/// Decompresses to exactly `expected` bytes.
pub(super) fn decompress(blob: &[u8], expected: usize) -> Result<Vec<u8>, Damage> {
    let refuse = |cause: String| Damage::Compression { expected, cause };
    let bytes =
        zstd::bulk::decompress(blob, expected).map_err(|error| refuse(error.to_string()))?;
    if bytes.len() == expected {
        Ok(bytes)
    } else {
        Err(refuse(format!("it holds {}", bytes.len())))
    }
}

/// Cuts what is larger than a chunk, where its content says: a change moves
/// the cuts around it, and leaves the others.
pub(super) fn cut(bytes: &[u8]) -> Vec<&[u8]> {
    if bytes.len() <= LARGEST {
        return vec![bytes];
    }
    let parts = FastCDC::new(bytes, SMALLEST, USUAL, LARGEST);
    parts.map(|part| &bytes[part.offset..part.offset + part.length]).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    /// Bytes that do not compress, the same in every run.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 42_u64;
        let mut next = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn bytes_come_back() {
        for bytes in [Vec::new(), b"tax 1.4.1".repeat(1000), noise(LARGEST)] {
            let id = ChunkId::of(&bytes);
            assert_eq!(id.decompress(&compress(&bytes)), Ok(bytes));
        }
    }

    #[test]
    fn what_does_not_compress_still_fits_into_a_config_map() {
        assert!(compress(&noise(LARGEST)).len() < 700 * 1024);
    }

    #[test]
    fn another_level_writes_other_bytes_of_the_same_name() {
        let bytes: Vec<u8> = noise(10_000).iter().map(|byte| b'a' + byte % 4).collect();
        let other = zstd::bulk::compress(&bytes, 19).unwrap();
        assert_ne!(other, compress(&bytes));
        assert_eq!(ChunkId::of(&bytes).decompress(&other), Ok(bytes));
    }

    #[test]
    fn a_bomb_is_refused_by_the_size_on_record() {
        let bomb = compress(&vec![0; 100 << 20]);
        assert!(bomb.len() < 16 << 10);
        let id = ChunkId { bytes: 1000, ..ChunkId::of(b"") };
        assert!(matches!(id.decompress(&bomb), Err(Damage::Compression { expected: 1000, .. })));
        // One that does not say how much it holds.
        let silent = zstd::stream::encode_all(std::io::repeat(0).take(100 << 20), 1).unwrap();
        assert!(matches!(id.decompress(&silent), Err(Damage::Compression { expected: 1000, .. })));
    }

    #[test]
    fn damage_is_noticed() {
        let id = ChunkId::of(b"tax 1.4.1");
        assert_eq!(verify(id.digest, &compress(b"tax 1.4.1")), Ok(()));
        assert!(verify(id.digest, &compress(b"tax 1.4.2")).is_err());
        assert!(verify(id.digest, b"").is_err());
        assert_eq!(
            id.decompress(&compress(b"tax 1.4.2")),
            Err(Damage::Digest(Digest::of(b"tax 1.4.2")))
        );
        assert!(matches!(id.decompress(&compress(b"tax 1.4")), Err(Damage::Compression { .. })));
        assert!(matches!(id.decompress(b"no frame"), Err(Damage::Compression { .. })));
        assert!(matches!(id.decompress(b""), Err(Damage::Compression { .. })));
    }

    #[test]
    fn only_what_is_too_large_is_cut() {
        assert_eq!(cut(&noise(LARGEST)).len(), 1);
        let large = noise(5 << 20);
        let parts = cut(&large);
        assert!(parts.iter().all(|part| part.len() <= LARGEST));
        assert_eq!(parts.concat(), large);

        let mut changed = large.clone();
        changed.insert(2 << 20, 0);
        let fresh = cut(&changed).iter().filter(|part| !parts.contains(part)).count();
        assert!(fresh <= 2 && parts.len() > 10, "{fresh} of {}", parts.len());
    }
}
