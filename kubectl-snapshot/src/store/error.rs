//! Errors of the store.

use std::{io, path::PathBuf};

use snapshot_core::{
    digest::Digest,
    document::DocumentError,
    evidence::EvidenceError,
    name::{NameError, SetName, SnapshotName},
};

use crate::cluster::ClusterError;

/// Error: the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A name that no snapshot can have.
    #[error(transparent)]
    Name(NameError),
    /// The name belongs to another snapshot.
    #[error(
        "there is a snapshot {name} already, with the digest {digest}; choose another name, or replace it with --force"
    )]
    Taken {
        /// The name.
        name: SnapshotName,
        /// Digest that it names.
        digest: Digest,
    },
    /// Conflict: somebody else changed it in the meantime.
    #[error(
        "{what} has been changed by somebody else in the meantime; look at it again, and repeat the command"
    )]
    Changed {
        /// The object: `snapshot rel-42`.
        what: String,
    },
    /// No such name or digest.
    #[error("there is no {kind} {wanted} in {place}{}", did_you_mean(near))]
    NotFound {
        /// `snapshot`, or `variable set`.
        kind: &'static str,
        /// Reference as asked for.
        wanted: String,
        /// The store.
        place: String,
        /// Names that resemble it.
        near: Vec<String>,
    },
    /// Snapshots of different digests begin with that digest.
    #[error(
        "{wanted} is the beginning of more than one snapshot's digest; use more digits, or a name: {}",
        listed(candidates)
    )]
    Ambiguous {
        /// Reference as asked for.
        wanted: String,
        /// Snapshots that it could mean.
        candidates: Vec<(SnapshotName, Digest)>,
    },
    /// A text that begins like a digest, and is none.
    #[error(
        "{0:?} is not a snapshot's digest: expected sha256: and at least 8 of its hexadecimal digits"
    )]
    NotADigest(String),
    /// Damaged object of the store.
    #[error(
        "snapshot {snapshot} cannot be loaded: {object} {cause}; capture the snapshot again, or restore {object} from a backup"
    )]
    Corrupted {
        /// The snapshot's name.
        snapshot: String,
        /// `ConfigMap chunk.1f3a… in namespace kubectl-snapshot`, or a file.
        object: String,
        /// `is missing`, or what else is wrong.
        cause: String,
    },
    /// A chunk went while a snapshot that shares it was being stored.
    #[error(
        "snapshot {snapshot} was not stored: chunks that it consists of are gone; repeat the command"
    )]
    ChunksGone {
        /// The snapshot's name.
        snapshot: String,
    },
    /// Object that refers to chunks and cannot be read.
    #[error(
        "nobody can tell which chunks are garbage: {object} {cause}; mend or delete it, and repeat the command"
    )]
    UnreadableReferrer {
        /// `ConfigMap snapshot.rel-42 in namespace kubectl-snapshot`, or a file.
        object: String,
        /// Description of the problem.
        cause: String,
    },
    /// A file of the store is no document that can be trusted.
    #[error("{}: {cause}", .file.display())]
    Document {
        /// The file.
        file: PathBuf,
        /// Error of the document.
        #[source]
        cause: DocumentError,
    },
    /// A file of the store is not what belongs there.
    #[error("{}: it does not hold a {kind}, a JSON object of texts: {cause}; mend or delete it", .file.display())]
    BrokenEntry {
        /// `variable set`, `policy binding`, ….
        kind: &'static str,
        /// The file.
        file: PathBuf,
        /// Description of the problem.
        cause: String,
    },
    /// A binding says something that cannot be.
    #[error(
        "policy binding {name} in {place} cannot be read: {cause}; bind the policy again with: kubectl snapshot policy add FILE --name {name}"
    )]
    BrokenBinding {
        /// The binding's name.
        name: String,
        /// The store.
        place: String,
        /// Description of the problem.
        cause: String,
    },
    /// A stage says something that cannot be.
    #[error(
        "stage {name} in {place} cannot be read: {cause}; write it again with: kubectl snapshot stage set {name}"
    )]
    BrokenStage {
        /// The stage's name.
        name: String,
        /// The store.
        place: String,
        /// Description of the problem.
        cause: String,
    },
    /// Evidence contradicts itself: somebody has changed it.
    #[error(
        "evidence cannot be believed: {object}: {cause}; find out who has changed it, delete it, and record the fact again"
    )]
    BrokenEvidence {
        /// The ConfigMap or file.
        object: String,
        /// Description of the mismatch.
        cause: String,
    },
    /// Invalid evidence to be recorded.
    #[error("{0}")]
    Evidence(#[source] EvidenceError),
    /// A bound policy's bytes are not what was bound.
    #[error(
        "policy {name} cannot be loaded: {object} {cause}; bind it again with: kubectl snapshot policy add FILE --name {name}"
    )]
    PolicyDamaged {
        /// The binding's name.
        name: String,
        /// The ConfigMap or file.
        object: String,
        /// `is missing`, or what else is wrong.
        cause: String,
    },
    /// Input of a record that is missing, or is something else.
    #[error("{record} cannot be asked again: its {what} {cause}")]
    RecordDamaged {
        /// `record prod/7`.
        record: String,
        /// `question.promotion`, `policy.1f3a…`.
        what: String,
        /// `is missing`, or what else is wrong.
        cause: String,
    },
    /// The operating system refuses.
    #[error("{} cannot be {verb}: {cause}{}", .file.display(), advice(cause))]
    Io {
        /// `read`, `written`, ….
        verb: &'static str,
        /// The file or folder.
        file: PathBuf,
        /// I/O error.
        #[source]
        cause: io::Error,
    },
    /// No namespace for the store, and none may be created.
    #[error(
        "namespace {namespace}, where snapshots are stored, does not exist and cannot be created: {cause}; \
         ask an administrator for it (kubectl create namespace {namespace}), or name another with --store-namespace"
    )]
    NoNamespace {
        /// The namespace.
        namespace: String,
        /// Message of the API server.
        cause: String,
    },
    /// A name that the store cannot keep.
    #[error(
        "{name:?} cannot be the name of a variable in set {set}: use letters, digits, - _ and ., 253 characters at most"
    )]
    VariableName {
        /// The set.
        set: SetName,
        /// The variable's name.
        name: String,
    },
    /// The variable has another value in the set.
    #[error(
        "variable {name} of set {set} is {there:?}, not {wanted:?}; nothing was written; replace it with --force"
    )]
    VariableTaken {
        /// The set.
        set: SetName,
        /// The variable's name.
        name: String,
        /// The value that it has.
        there: String,
        /// The value that it was to be given.
        wanted: String,
    },
    /// The variable is not in the set.
    #[error("variable set {set} has no variable {name}{}", did_you_mean(near))]
    NoVariable {
        /// The set.
        set: SetName,
        /// The variable's name.
        name: String,
        /// Names that resemble it.
        near: Vec<String>,
    },
    /// The API server refuses, or cannot be reached.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

fn did_you_mean(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) }
}

fn listed(candidates: &[(SnapshotName, Digest)]) -> String {
    let candidates: Vec<String> =
        candidates.iter().map(|(name, digest)| format!("{name} ({})", digest.short())).collect();
    candidates.join(", ")
}

/// Advice for the failures that users meet.
fn advice(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; make room on the disk, and repeat the command"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; choose a folder that you may write to, with --store"
        }
        _ => "",
    }
}
