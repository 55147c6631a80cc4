//! Pack list of a snapshot: its chunks, and which of their pieces are its own.
//!
//! A head lists its chunks in `data.chunks`, a line each: the digest, the bytes
//! before compression, and the number of pieces.
//!
//! ```text
//! 1f3a… 655218 1150
//! 9c02… 655360 +
//! 77d4… 120017 1
//! ```
//!
//! A `+` says that the text goes on in the next chunk, as it does where one
//! piece is larger than a chunk; together they are a pack. `binaryData.pieces`
//! has one bit for each piece of the list, lowest first, compressed: whether it
//! is of this snapshot, or only of others that name the same chunk.
//!
//! Metadata too large for a head is a text in chunks as well, without pieces,
//! listed the same way in `data["metadata.chunks"]`.

use std::fmt::Write as _;

use snapshot_core::digest::Digest;

use super::chunk::{self, ChunkId};

/// Pieces that are stored together, and which of them are of the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pack {
    /// Chunks of its text: one, unless a piece is larger than a chunk.
    pub(super) chunks: Vec<ChunkId>,
    /// For each of its pieces, whether it is of the set.
    pub(super) used: Vec<bool>,
}

/// A list of packs, as a head carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PackList {
    /// `data.chunks`.
    pub(super) chunks: String,
    /// `binaryData.pieces`.
    pub(super) pieces: Vec<u8>,
}

/// Position of the fault in a list that cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ListError {
    /// A line of `data.chunks`.
    #[error("line {0} of its data.chunks is not a digest, a length and a number of pieces")]
    Line(usize),
    /// The last chunk announces another one.
    #[error("its data.chunks ends within a pack")]
    Open,
    /// The chunks have more bytes than anything that is stored.
    #[error("its data.chunks lists more than {} MiB", LARGEST_TEXT >> 20)]
    TooLarge,
    /// The bits do not fit the chunks.
    #[error("its binaryData.pieces {0}")]
    Pieces(chunk::Damage),
}

/// The most bytes of what a list names: some twenty sets of 10,000 workloads. Whoever writes a
/// list says how much memory it takes to read.
const LARGEST_TEXT: usize = 512 << 20;

impl PackList {
    /// The chunks that a list names, whatever else of it makes sense; `None` where a line names
    /// none.
    pub(super) fn named(chunks: &str) -> Option<Vec<Digest>> {
        let named = |line: &str| format!("sha256:{}", line.split(' ').next()?).parse().ok();
        chunks.lines().map(named).collect()
    }

    /// Writes a list.
    pub(super) fn write(packs: &[Pack]) -> Self {
        let mut chunks = String::new();
        for pack in packs {
            for (position, chunk) in pack.chunks.iter().enumerate() {
                let pieces = if position + 1 < pack.chunks.len() {
                    "+".to_owned()
                } else {
                    pack.used.len().to_string()
                };
                let _ = writeln!(chunks, "{} {} {pieces}", chunk.digest.hex(), chunk.bytes);
            }
        }
        let used: Vec<bool> = packs.iter().flat_map(|pack| &pack.used).copied().collect();
        let bits: Vec<u8> = used
            .chunks(8)
            .map(|byte| byte.iter().rev().fold(0, |bits, used| bits << 1 | u8::from(*used)))
            .collect();
        Self { chunks, pieces: chunk::compress(&bits) }
    }

    /// Reads the chunks of a text that is no set and has no pieces.
    pub(super) fn without_pieces(chunks: &str) -> Result<Vec<ChunkId>, ListError> {
        let list = Self { chunks: chunks.to_owned(), pieces: chunk::compress(&[]) };
        Ok(list.read()?.into_iter().flat_map(|pack| pack.chunks).collect())
    }

    /// Reads a list.
    pub(super) fn read(&self) -> Result<Vec<Pack>, ListError> {
        let mut packs = Vec::new();
        let mut open = Vec::new();
        let mut bytes = 0;
        for (position, line) in self.chunks.lines().enumerate() {
            let (chunk, pieces) = read_line(line).ok_or(ListError::Line(position + 1))?;
            bytes += chunk.bytes;
            if bytes > LARGEST_TEXT {
                return Err(ListError::TooLarge);
            }
            open.push(chunk);
            if let Some(pieces) = pieces {
                packs.push((std::mem::take(&mut open), pieces));
            }
        }
        if !open.is_empty() {
            return Err(ListError::Open);
        }
        let total: usize = packs.iter().map(|(_, pieces)| pieces).sum();
        let bits = chunk::decompress(&self.pieces, total.div_ceil(8)).map_err(ListError::Pieces)?;
        let mut used = (0..total).map(|piece| bits[piece / 8] >> (piece % 8) & 1 == 1);
        let packs = packs
            .into_iter()
            .map(|(chunks, pieces)| Pack { chunks, used: used.by_ref().take(pieces).collect() });
        Ok(packs.collect())
    }
}

/// One line; no number of pieces where the pack goes on.
fn read_line(line: &str) -> Option<(ChunkId, Option<usize>)> {
    let mut words = line.split(' ');
    let (hex, bytes, pieces) = (words.next()?, words.next()?, words.next()?);
    let digest: Digest = format!("sha256:{hex}").parse().ok()?;
    let bytes = bytes.parse().ok().filter(|bytes| *bytes <= chunk::LARGEST)?;
    let pieces = match pieces {
        "+" => None,
        // A piece has a byte at least, which bounds what the bits may take.
        number => Some(number.parse().ok().filter(|pieces| *pieces <= bytes)?),
    };
    words.next().is_none().then_some((ChunkId { digest, bytes }, pieces))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn pack() -> impl Strategy<Value = Pack> {
        let chunk =
            "[a-z]{0,9}".prop_map(|text| ChunkId { bytes: 1000, ..ChunkId::of(text.as_bytes()) });
        (vec(chunk, 1..4), vec(any::<bool>(), 0..40))
            .prop_map(|(chunks, used)| Pack { chunks, used })
    }

    proptest! {
        #[test]
        fn a_list_comes_back(packs in vec(pack(), 0..8)) {
            prop_assert_eq!(PackList::write(&packs).read(), Ok(packs));
        }
    }

    #[test]
    fn what_a_list_names_is_known_though_it_makes_no_sense() {
        let [a, b] = [b"a", b"b"].map(|text| Digest::of(text));
        let list = format!("{} 10 1\n{}\n", a.hex(), b.hex());
        assert_eq!(PackList::named(&list), Some(vec![a, b]));
        assert_eq!(PackList::named("half of a list"), None);
    }

    #[test]
    fn a_text_without_pieces_is_listed_the_same_way() {
        let chunks = vec![ChunkId::of(b"a"), ChunkId::of(b"b")];
        let list = PackList::write(&[Pack { chunks: chunks.clone(), used: Vec::new() }]);
        assert_eq!(PackList::without_pieces(&list.chunks), Ok(chunks));
        assert!(PackList::without_pieces("tax").is_err());
    }

    #[test]
    fn a_list_that_makes_no_sense_is_refused() {
        let hex = Digest::of(b"").hex();
        let read = |chunks: String| PackList { chunks, pieces: chunk::compress(&[1]) }.read();
        assert!(read(format!("{hex} 10 1\n")).is_ok());
        assert_eq!(read(format!("{hex} 10 1\n{hex} 10\n")), Err(ListError::Line(2)));
        assert_eq!(read(format!("{hex} 10 11\n")), Err(ListError::Line(1)));
        assert_eq!(read(format!("{hex} 99999999 1\n")), Err(ListError::Line(1)));
        assert_eq!(read("1f3a 10 1\n".to_owned()), Err(ListError::Line(1)));
        assert_eq!(read(format!("{hex} 10 +\n")), Err(ListError::Open));
        let many = format!("{hex} {} 0\n", chunk::LARGEST).repeat(1000);
        assert_eq!(read(many), Err(ListError::TooLarge));
        assert!(matches!(read(format!("{hex} 10 9\n")), Err(ListError::Pieces(_))));
    }
}
