//! Errors of the store.

use std::{fmt, io, path::PathBuf};

use snapshot_core::{
    digest::Digest,
    document::DocumentError,
    evidence::EvidenceError,
    name::{NameError, SetName, SnapshotName},
};

use crate::{causes::Cause, cluster::ClusterError};

/// A kind of things that a store keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entity {
    /// A set, by its name or digest.
    Snapshot,
    /// Values that belong to a place.
    VariableSet,
    /// A policy that is asked.
    PolicyBinding,
    /// A namespace that snapshots are promoted to.
    Stage,
    /// A git repository, whose commits order versions.
    Repository,
    /// A flag system, and whose flags it has.
    FlagSource,
    /// A decision, or the end of a deployment.
    Record,
    /// The last record of a stage.
    Chain,
    /// A fact about a snapshot.
    Evidence,
    /// The removal of a broken part.
    Removal,
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Snapshot => "snapshot",
            Self::VariableSet => "variable set",
            Self::PolicyBinding => "policy binding",
            Self::Stage => "stage",
            Self::Repository => "git repository",
            Self::FlagSource => "flag source",
            Self::Record => "record",
            Self::Chain => "chain of records",
            Self::Evidence => "evidence",
            Self::Removal => "removal",
        })
    }
}

/// Error: the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A name that no snapshot can have.
    #[error(transparent)]
    Name(NameError),
    /// The name belongs to another snapshot.
    #[error("there is a snapshot {name} already, with the digest {digest}")]
    Taken {
        /// The name.
        name: SnapshotName,
        /// Digest that it names.
        digest: Digest,
    },
    /// Conflict: somebody else changed it in the meantime.
    #[error("{entity} {name} has been changed by somebody else in the meantime")]
    Changed {
        /// Kind of what is meant.
        entity: Entity,
        /// Name of it.
        name: String,
    },
    /// No such name or digest.
    #[error("there is no {entity} {wanted} in {place}{}", did_you_mean(near))]
    NotFound {
        /// Kind of what is meant.
        entity: Entity,
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
    #[error("snapshot {snapshot} cannot be loaded: {object} {cause}")]
    Corrupted {
        /// The snapshot's name.
        snapshot: String,
        /// `ConfigMap chunk.1f3a… in namespace kubectl-snapshot`, or a file.
        object: String,
        /// `is missing`, or what else is wrong.
        #[source]
        cause: Cause,
    },
    /// A chunk went while a snapshot that shares it was being stored.
    #[error("snapshot {snapshot} was not stored: chunks that it consists of are gone")]
    ChunksGone {
        /// The snapshot's name.
        snapshot: String,
    },
    /// A chunk's name is taken by what is not that chunk.
    #[error("{object} {cause}, and is in the way of what is to be stored")]
    ForeignChunk {
        /// `ConfigMap chunk.1f3a… in namespace kubectl-snapshot`.
        object: String,
        /// Description of what it holds.
        #[source]
        cause: Cause,
    },
    /// Damaged journal of a run.
    #[error("{object} {cause}: what its run has changed is not known")]
    BrokenJournal {
        /// `ConfigMap kubectl-snapshot-journal.… in namespace prod`.
        object: String,
        /// Description of the damage.
        #[source]
        cause: Cause,
    },
    /// Something in a store of files that is no file, or a file that no store writes.
    #[error("{} {problem}: a store reads ordinary files alone", .file.display())]
    NotAFile {
        /// The path.
        file: PathBuf,
        /// `is a symbolic link`.
        problem: String,
    },
    /// Object that refers to chunks and cannot be read.
    #[error("nobody can tell which chunks are garbage: {object} {cause}")]
    UnreadableReferrer {
        /// `ConfigMap snapshot.rel-42 in namespace kubectl-snapshot`, or a file.
        object: String,
        /// Description of the problem.
        #[source]
        cause: Cause,
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
    #[error("{}: it does not hold a {entity}, a JSON object of texts: {cause}", .file.display())]
    BrokenEntry {
        /// Kind of what is meant.
        entity: Entity,
        /// The file.
        file: PathBuf,
        /// Description of the problem.
        #[source]
        cause: Cause,
    },
    /// A binding says something that cannot be.
    #[error("policy binding {name} in {place} cannot be read: {cause}")]
    BrokenBinding {
        /// The binding's name.
        name: String,
        /// The store.
        place: String,
        /// Description of the problem.
        #[source]
        cause: Cause,
    },
    /// A stage says something that cannot be.
    #[error("stage {name} in {place} cannot be read: {cause}")]
    BrokenStage {
        /// The stage's name.
        name: String,
        /// The store.
        place: String,
        /// Description of the problem.
        #[source]
        cause: Cause,
    },
    /// A git repository says something that cannot be.
    #[error("git repository {name} in {place} cannot be read: {cause}")]
    BrokenRepository {
        /// The repository's name.
        name: String,
        /// The store.
        place: String,
        /// Description of the problem.
        #[source]
        cause: Cause,
    },
    /// A flag source says something that cannot be.
    #[error("flag source {name} in {place} cannot be read: {cause}")]
    BrokenFlagSource {
        /// The source's name.
        name: String,
        /// The store.
        place: String,
        /// Description of the problem.
        #[source]
        cause: Cause,
    },
    /// Evidence contradicts itself: somebody has changed it.
    #[error("evidence cannot be believed: {object}: {cause}")]
    BrokenEvidence {
        /// The ConfigMap or file.
        object: String,
        /// Description of the mismatch.
        #[source]
        cause: Cause,
    },
    /// Invalid evidence to be recorded.
    #[error("{0}")]
    Evidence(#[source] EvidenceError),
    /// A bound policy's bytes are not what was bound.
    #[error("policy {name} cannot be loaded: {object} {cause}; bind it again")]
    PolicyDamaged {
        /// The binding's name.
        name: String,
        /// The ConfigMap or file.
        object: String,
        /// `is missing`, or what else is wrong.
        #[source]
        cause: Cause,
    },
    /// Input of a record that is missing, or is something else.
    #[error("{record} cannot be asked again: its {what} {cause}")]
    RecordDamaged {
        /// `record prod/7`.
        record: String,
        /// `question.promotion`, `policy.1f3a…`.
        what: String,
        /// `is missing`, or what else is wrong.
        #[source]
        cause: Cause,
    },
    /// The operating system refuses.
    #[error("{} cannot be {verb}: {cause}", .file.display())]
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
        "namespace {namespace}, where snapshots are stored, does not exist and cannot be created: {message}"
    )]
    NoNamespace {
        /// The namespace.
        namespace: String,
        /// The API server's words.
        message: String,
    },
    /// A name that the store cannot keep.
    #[error("{name:?} cannot be the name of a variable in set {set}: {reason}")]
    VariableName {
        /// The set.
        set: SetName,
        /// The variable's name.
        name: String,
        /// Reason, as a sentence goes on.
        reason: &'static str,
    },
    /// A value that the variable cannot have.
    #[error("{value:?} cannot be the value of {name} in set {set}: {reason}")]
    VariableValue {
        /// The set.
        set: SetName,
        /// The variable's name.
        name: String,
        /// The value.
        value: String,
        /// Reason, as a sentence goes on.
        reason: &'static str,
    },
    /// The variable has another value in the set.
    #[error("variable {name} of set {set} is {there:?}, not {wanted:?}; nothing was written")]
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
