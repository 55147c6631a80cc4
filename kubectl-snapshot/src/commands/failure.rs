//! Failure of a command: what happened, what to do, and the exit code.

use snapshot_core::{document::DocumentError, plan::MissingVariable};

use crate::{
    cluster::{ClusterError, ReadError},
    commands::exit::Exit,
    render::RenderError,
    sources::{SourceError, registry::RegistryError, signature::SignatureError},
    store::StoreError,
};

/// A failed command.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// Message: what happened, to which object; empty where a report has said it already.
    pub message: String,
    /// Hints: what to do next, a line each.
    pub hints: Vec<String>,
}

impl Failure {
    /// A failure with the ordinary exit code.
    pub fn new(message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: message.into(), hints: Vec::new() }
    }

    /// The command was used wrongly.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::new(message) }
    }

    /// A report has said everything; only the exit code is left to give.
    #[must_use]
    pub fn reported(exit: Exit) -> Self {
        Self { exit, ..Self::new("") }
    }

    /// Replaces the exit code.
    #[must_use]
    pub fn with_exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl From<ClusterError> for Failure {
    fn from(error: ClusterError) -> Self {
        let exit = match error {
            ClusterError::Conflict { .. } => Exit::Conflict,
            _ => Exit::Failed,
        };
        Self::new(error.to_string()).with_exit(exit)
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
        let exit = match error {
            RegistryError::TimedOut { .. } => Exit::TimedOut,
            _ => Exit::Failed,
        };
        let failure = Self::new(error.to_string()).with_exit(exit);
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
                Self::new(taken.to_string()).with_exit(Exit::Conflict)
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

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
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
