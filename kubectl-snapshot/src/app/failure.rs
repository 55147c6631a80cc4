//! A failure of the application: what happened, to which object, and what to do next.

use snapshot_core::{document::DocumentError, plan::MissingVariable};

use crate::{
    cluster::{ClusterError, ReadError},
    sources::{SourceError, registry::RegistryError, signature::SignatureError},
    store::StoreError,
};

/// A failure.
#[derive(Debug)]
pub struct Failure {
    /// Kind, by which callers tell failures apart.
    pub kind: FailureKind,
    /// Event and object, in a sentence; empty where there is nothing to say.
    pub message: String,
    /// Hints at what to do next, a line each.
    pub hints: Vec<String>,
}

/// The kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Something did not work.
    Failed,
    /// The caller asked for something that makes no sense.
    Usage,
    /// Conflict: somebody else owns or holds it, or it has moved.
    Conflict,
    /// Timeout: more time was needed than allowed.
    TimedOut,
    /// Ctrl-C has ended it.
    Interrupted,
    /// SIGTERM has ended it.
    Terminated,
    /// Whoever read the output went away, which is no failure.
    NobodyReads,
}

impl Failure {
    /// A failure of the ordinary kind.
    pub fn new(message: impl Into<String>) -> Self {
        Self { kind: FailureKind::Failed, message: message.into(), hints: Vec::new() }
    }

    /// A request that makes no sense.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { kind: FailureKind::Usage, ..Self::new(message) }
    }

    /// The end of the output's reader.
    #[must_use]
    pub fn nobody_reads() -> Self {
        Self { kind: FailureKind::NobodyReads, ..Self::new("") }
    }

    /// The failure as one of another kind.
    #[must_use]
    pub fn with_kind(self, kind: FailureKind) -> Self {
        Self { kind, ..self }
    }

    /// The failure with something to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl From<ClusterError> for Failure {
    fn from(error: ClusterError) -> Self {
        let kind = match error {
            ClusterError::Conflict { .. } => FailureKind::Conflict,
            _ => FailureKind::Failed,
        };
        Self::new(error.to_string()).with_kind(kind)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Cluster(error) => error.into(),
            ReadError::Assembly(error) => Self::new(error.to_string()),
        }
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        let kind = match error {
            RegistryError::TimedOut { .. } => FailureKind::TimedOut,
            _ => FailureKind::Failed,
        };
        let failure = Self::new(error.to_string()).with_kind(kind);
        error.hint().into_iter().fold(failure, Self::hint)
    }
}

impl From<SignatureError> for Failure {
    fn from(error: SignatureError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cluster(error) => error.into(),
            taken @ (StoreError::Taken { .. } | StoreError::VariableTaken { .. }) => {
                Self::new(taken.to_string()).with_kind(FailureKind::Conflict)
            }
            StoreError::NotFound { kind: "snapshot", ref near, .. } if near.is_empty() => {
                Self::new(error.to_string())
                    .hint("kubectl snapshot list shows those that there are")
            }
            other => Self::new(other.to_string()),
        }
    }
}

impl From<MissingVariable> for Failure {
    fn from(error: MissingVariable) -> Self {
        Self::new(error.to_string())
    }
}

impl From<crate::policies::EngineError> for Failure {
    fn from(error: crate::policies::EngineError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<crate::policies::LoadFailure> for Failure {
    fn from(error: crate::policies::LoadFailure) -> Self {
        Self::new(error.to_string()).hint(error.hint)
    }
}
