//! Errors of reading a snapshot document.

use crate::{digest::Digest, parts::PartName};

/// Error: a text is not a snapshot that can be trusted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Empty text.
    #[error("the document is empty; was it written to the end?")]
    Empty,
    /// The text ends inside a value.
    #[error(
        "the document is cut short: it ends at line {line}, column {column}; copy or export it again"
    )]
    CutShort {
        /// The last line, counted from one.
        line: usize,
        /// The last column, counted from one.
        column: usize,
    },
    /// The text is no JSON.
    #[error("the document is not JSON: {0}")]
    NotJson(String),
    /// The JSON has not the shape of a snapshot.
    #[error("the document has not the shape of a snapshot: {0}")]
    Malformed(String),
    /// JSON of another shape than a snapshot document.
    #[error(
        "this is not a snapshot: expected apiVersion kubectl-snapshot.dev/v1… and kind Snapshot, found {0}"
    )]
    Foreign(String),
    /// Document of a major version that this build does not read.
    #[error(
        "it was written by a newer kubectl snapshot: the document's version is {0}, this one reads v1… and v2…; \
         upgrade the plugin"
    )]
    Newer(String),
    /// The set is not the one that the digest names.
    #[error(
        "the document has been changed: metadata.digest is {stated}, but the digest of spec is {actual}; \
         get it again from where it was captured, or, if the change is meant, take metadata.digest out"
    )]
    Changed {
        /// Digest stated in the document.
        stated: Digest,
        /// Digest computed from the set.
        actual: Digest,
    },
    /// A part is not the one that the digest names.
    #[error(
        "the document has been changed: metadata.parts.{part}.digest is {stated}, but the digest of that \
         part is {actual}; get it again from where it was captured, or, if the change is meant, take both \
         digests out of metadata"
    )]
    PartChanged {
        /// Alias of the part.
        part: PartName,
        /// Digest stated in the document.
        stated: Digest,
        /// Digest computed from the part's set.
        actual: Digest,
    },
    /// An object is not the one that its key names.
    #[error(
        "the document has been changed: the object listed under {key} in spec.objects has the digest {actual}; \
         get it again from where it was captured"
    )]
    ObjectChanged {
        /// The digest it is listed under.
        key: Digest,
        /// The digest it has.
        actual: Digest,
    },
    /// An object is no object.
    #[error(
        "the document has not the shape of a snapshot: what spec.objects lists under {0} is no object"
    )]
    NotAnObject(Digest),
    /// An instance refers to an object that is not there.
    #[error(
        "the document is incomplete: spec.objects lacks {digest}, the {what} of {instance}; \
         get it again from where it was captured"
    )]
    ObjectMissing {
        /// `service/instance`.
        instance: String,
        /// `manifest`, or `ConfigMap shop-config`.
        what: String,
        /// The digest it refers to.
        digest: Digest,
    },
}
