//! Head of a stored snapshot: what is known without reading its set.

use serde::Serialize;
use snapshot_core::{
    digest::Digest,
    name::SnapshotName,
    parts::{Document, PartName},
};

/// A stored snapshot, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The name it is stored under.
    pub name: SnapshotName,
    /// The digest of its set.
    pub digest: Digest,
    /// Time of the capture, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Name of the user who captured it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Source of the capture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Message of the author; a list may show the beginning only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The aliases of its parts; none where the set is of one namespace.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartName>,
    /// Number of services in the set.
    pub services: usize,
    /// Number of workloads.
    pub instances: usize,
    /// Number of flags.
    pub flags: usize,
    /// The bytes of the set's canonical text.
    pub bytes: u64,
}

/// The stored snapshots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// Newest first.
    pub heads: Vec<Head>,
    /// Objects with a snapshot's name that cannot be read.
    pub broken: Vec<Broken>,
}

/// Object with a snapshot's name that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The name, as the home spells it.
    pub name: String,
    /// Description of the problem, with the name of the object.
    pub cause: String,
}

impl Head {
    /// The head of a snapshot that is being stored.
    pub(super) fn new(
        name: &SnapshotName,
        document: &Document,
        digest: Digest,
        bytes: u64,
    ) -> Self {
        let metadata = document.metadata();
        Self {
            name: name.clone(),
            digest,
            created: metadata.created.clone(),
            author: metadata.author.clone(),
            source: metadata.source.clone(),
            message: metadata.message.clone(),
            parts: document.part_names(),
            services: document.service_count(),
            instances: document.instance_count(),
            flags: document.flag_count(),
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
