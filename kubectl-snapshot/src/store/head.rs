//! What is known of a stored snapshot without reading its set.

use serde::Serialize;
use snapshot_core::{digest::Digest, name::SnapshotName, snapshot::Snapshot};

/// A stored snapshot, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The name it is stored under.
    pub name: SnapshotName,
    /// The digest of its set.
    pub digest: Digest,
    /// When it was captured, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Who captured it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// What was captured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Why; a list may show the beginning only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// How many services the set has.
    pub services: usize,
    /// How many workloads.
    pub instances: usize,
    /// How many flags.
    pub flags: usize,
    /// The bytes of the set's canonical text.
    pub bytes: u64,
}

/// The stored snapshots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// Newest first.
    pub heads: Vec<Head>,
    /// What has a snapshot's name but cannot be read.
    pub broken: Vec<Broken>,
}

/// Something with a snapshot's name that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The name, as the home spells it.
    pub name: String,
    /// What is wrong, and with which object.
    pub cause: String,
}

impl Head {
    /// The head of a snapshot that is being stored.
    pub(super) fn new(
        name: &SnapshotName,
        snapshot: &Snapshot,
        digest: Digest,
        bytes: u64,
    ) -> Self {
        let (metadata, spec) = (&snapshot.metadata, &snapshot.spec);
        Self {
            name: name.clone(),
            digest,
            created: metadata.created.clone(),
            author: metadata.author.clone(),
            source: metadata.source.clone(),
            message: metadata.message.clone(),
            services: spec.services.len(),
            instances: spec.instance_count(),
            flags: spec.flags.len(),
            bytes,
        }
    }
}

impl Listing {
    /// Sorts what was read, newest first and then by name.
    pub(super) fn sorted(mut self) -> Self {
        self.heads.sort_by(|a, b| b.created.cmp(&a.created).then_with(|| a.name.cmp(&b.name)));
        self.broken.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }
}
