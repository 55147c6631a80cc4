//! Readers of what others wrote, each a function of bytes: for the fuzz targets in `tests/fuzz`,
//! and for a corpus that every test run reads.
//!
//! Whatever the bytes are, a reader refuses them or reads them, in bounded time and memory, and
//! what it has read it can write and read once more.

use crate::{cluster, sources, store};
use snapshot_core::{
    document, evidence,
    record::{Chain, StoredRecord},
};

/// A reader of bytes.
pub type Reader = fn(&[u8]);

/// Every reader, by the name of its fuzz target.
pub const READERS: [(&str, Reader); 8] = [
    ("chunk", store::readers::chunk),
    ("document", document),
    ("evidence", evidence),
    ("flags", sources::readers::flags),
    ("junit", sources::readers::junit),
    ("kubeconfig", cluster::readers::kubeconfig),
    ("manifests", sources::readers::manifests),
    ("record", record),
];

/// Documents of snapshots, of one namespace or in parts.
fn document(bytes: &[u8]) {
    let _ = document::summarise(bytes);
    let Ok((read, digest)) = document::read_with_digest(bytes) else { return };
    let mut written = Vec::new();
    document::write(&read, &mut written).expect("memory takes it");
    let (_, again) = document::read_with_digest(&written).expect("what is written is read");
    assert_eq!(digest, again, "a document keeps its digest");
}

/// Facts about snapshots.
fn evidence(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok((snapshot, fact)) = evidence::read(text) else { return };
    let _ = fact.check();
    let again = evidence::read(&evidence::write(&snapshot, &fact));
    assert!(again.is_ok_and(|again| again == (snapshot, fact)), "a fact comes back");
}

/// Records of a stage, one a line, and what is told of them.
fn record(bytes: &[u8]) {
    let stored = String::from_utf8_lossy(bytes)
        .lines()
        .take(16)
        .zip(1..)
        .map(|(line, number)| StoredRecord {
            number: Some(number),
            object: format!("records.prod.{number:06}"),
            marks: std::collections::BTreeMap::default(),
            text: line.to_owned(),
        })
        .collect();
    let chain = Chain::read(&"prod".parse().expect("it is a name"), stored, None);
    let _ = (chain.attempts(), chain.deployed(), chain.way_back(), chain.deployed_digests());
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// The inputs that a run of the tests makes of each seed.
    const VARIANTS: u64 = 40;

    /// Seeds of each reader: what versions before have written, and what the fixtures hold.
    fn seeds(reader: &str) -> Vec<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/seeds").join(reader);
        let files = fs::read_dir(&folder).expect("each reader has seeds");
        files.map(|file| fs::read(file.unwrap().path()).expect("a seed can be read")).collect()
    }

    /// Small changes: a byte, a piece that is gone, one that is there twice, a number that is huge.
    fn variant(seed: &[u8], number: u64) -> Vec<u8> {
        // Knuth's multiplier: any fixed sequence will do, and this one needs no library.
        let mut state = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let mut below = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            usize::try_from(state >> 33).expect("31 bits") % limit.max(1)
        };
        let mut bytes = seed.to_vec();
        for _ in 0..=below(3) {
            let at = below(bytes.len());
            let end = (at + below(64)).min(bytes.len());
            match below(5) {
                0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << below(8)),
                1 => bytes.truncate(at),
                2 => drop(bytes.drain(at..end)),
                3 => {
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                _ => drop(bytes.splice(at..at, *b"99999999999999999999")),
            }
        }
        bytes
    }

    #[test]
    fn whatever_is_nearly_right_is_read_or_refused() {
        for (name, reader) in READERS {
            let seeds = seeds(name);
            assert!(seeds.len() > 1, "{name} has {} seeds", seeds.len());
            for seed in &seeds {
                reader(seed);
                (0..VARIANTS).for_each(|number| reader(&variant(seed, number)));
            }
        }
    }
}
