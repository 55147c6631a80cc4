//! A line about a snapshot that was just stored.

use std::fmt;

use snapshot_core::{name::SnapshotName, parts::Document};

/// A snapshot that was just stored: `snapshot/rel-42 captured: 3 services, 1 flag, sha256:1f3a5b7c`.
pub(super) struct Stored<'a> {
    /// Name of the snapshot.
    pub(super) name: &'a SnapshotName,
    /// Word for what was done to have it.
    pub(super) done: &'a str,
    /// The snapshot.
    pub(super) document: &'a Document,
}

impl fmt::Display for Stored<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, done, document } = self;
        let parts = match document.part_names().len() {
            0 => String::new(),
            parts => format!("{}, ", counted(parts, "part")),
        };
        write!(
            f,
            "snapshot/{name} {done}: {parts}{}, {}, {}",
            counted(document.service_count(), "service"),
            counted(document.flag_count(), "flag"),
            document.digest().short()
        )
    }
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
