//! Failures of the application: the kind, what happened to which object, and why.

use std::error::Error;

use snapshot_core::{
    compose::ComposeError, document::DocumentError, ladder::LadderError, plan::MissingVariable,
};

use super::{AppError, bisect::BisectError};
use crate::{
    causes::{Cause, chain},
    cluster::{ClusterError, LeaseError, ReadError},
    policies::{BenchError, EngineError, LoadFailure},
    sources::{
        PlanSourceError, SourceError,
        flag_systems::{FlagSystemError, Problem},
        git::FetchError,
        registry::RegistryError,
        signature::SignatureError,
    },
    store::StoreError,
};

/// A failure.
#[derive(Debug)]
pub struct Failure {
    /// Kind, by which callers tell failures apart.
    pub kind: FailureKind,
    /// Message: event and object, in a sentence; empty where there is nothing to say.
    pub message: String,
    /// Hints at what to do next, a line each, beside those for the error behind it.
    pub hints: Vec<String>,
    source: Option<Cause>,
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
        let message = message.into();
        Self { kind: FailureKind::Failed, message, hints: Vec::new(), source: None }
    }

    /// A request that makes no sense.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { kind: FailureKind::Usage, ..Self::new(message) }
    }

    /// A failure that an error is: its words are the message.
    pub fn of(error: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Box::new(error)), ..Self::new("") }.in_its_words()
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

    /// The failure with the object that it is about before its message: `./shop.yaml: `.
    #[must_use]
    pub fn about(self, object: impl std::fmt::Display) -> Self {
        Self { message: format!("{object}: {}", self.message), ..self }
    }

    /// The failure with an error behind it, which its message has told of.
    #[must_use]
    pub fn because(self, error: impl Into<Cause>) -> Self {
        Self { source: Some(error.into()), ..self }
    }

    /// The failure with something to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The error behind it, if there is one.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|error| error as &(dyn Error + 'static))
    }

    /// The causes behind the message, the nearest first, each told once.
    #[must_use]
    pub fn causes(&self) -> Vec<String> {
        let mut causes: Vec<String> = self.source().into_iter().flat_map(chain).map(text).collect();
        causes.dedup();
        if causes.first().is_some_and(|first| self.message.ends_with(first.as_str())) {
            causes.remove(0);
        }
        causes
    }

    /// The causes that the message leaves open: those behind the last one that it tells of.
    #[must_use]
    pub fn untold_causes(&self) -> Vec<String> {
        let mut causes = self.causes();
        let told = causes.iter().rposition(|cause| self.message.contains(cause.as_str()));
        causes.drain(..told.map_or(0, |last| last + 1));
        causes
    }

    fn in_its_words(self) -> Self {
        let message = self.source().map(ToString::to_string).unwrap_or_default();
        Self { message, ..self }
    }
}

fn text(error: &(dyn Error + 'static)) -> String {
    error.to_string()
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let kind = match &error {
            AppError::NoStage { .. }
            | AppError::NoVariableSet { .. }
            | AppError::NoRolesInFiles
            | AppError::InParts { .. }
            | AppError::NoPart { .. }
            | AppError::SeveralStages { .. }
            | AppError::PartsForOne { .. }
            | AppError::OneForParts { .. }
            | AppError::NoNamespace { .. }
            | AppError::OneBesideParts { .. }
            | AppError::RunElsewhere { .. }
            | AppError::SeveralNamespaces { .. }
            | AppError::SwitchedUnseen { .. }
            | AppError::NothingToWrite { .. }
            | AppError::NotFiles { .. } => FailureKind::Usage,
            AppError::Overtaken { .. } | AppError::PlanMoved { .. } => FailureKind::Conflict,
            AppError::NotTaken { refused, .. } if refused.iter().any(|(_, one)| one.is_moved()) => {
                FailureKind::Conflict
            }
            AppError::NoService { .. }
            | AppError::NothingRuns { .. }
            | AppError::TokenSecret { .. }
            | AppError::Unswitchable { .. }
            | AppError::NoFlagSource { .. }
            | AppError::NoRecord { .. }
            | AppError::NothingPromoted { .. }
            | AppError::NothingSeenToRun { .. }
            | AppError::NothingBefore { .. }
            | AppError::MayNotOverride { .. }
            | AppError::NoRecorder
            | AppError::NotRolledOut { .. }
            | AppError::Blocked { .. }
            | AppError::NotTaken { .. }
            | AppError::NoPolicy { .. }
            | AppError::NoNamespaces { .. }
            | AppError::NothingThere
            | AppError::NothingUnfinished { .. }
            | AppError::Ending { .. }
            | AppError::NoTarget { .. }
            | AppError::UnreadTarget { .. }
            | AppError::MayNotWrite { .. }
            | AppError::Unread { .. }
            | AppError::PolicyTooLarge { .. } => FailureKind::Failed,
        };
        Self::of(error).with_kind(kind)
    }
}

impl From<ClusterError> for Failure {
    fn from(error: ClusterError) -> Self {
        let kind = match error {
            ClusterError::Conflict { .. } | ClusterError::AlreadyExists { .. } => {
                FailureKind::Conflict
            }
            _ => FailureKind::Failed,
        };
        Self::of(error).with_kind(kind)
    }
}

impl From<LeaseError> for Failure {
    fn from(error: LeaseError) -> Self {
        match error {
            LeaseError::Cluster(error) => error.into(),
            held @ LeaseError::Held { .. } => Self::of(held).with_kind(FailureKind::Conflict),
            forbidden @ LeaseError::Forbidden { .. } => Self::of(forbidden),
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Cluster(error) => error.into(),
            ReadError::Assembly(error) => Self::of(error),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cluster(error) => error.into(),
            // A name is taken, or somebody has changed something meanwhile.
            taken @ (StoreError::Taken { .. }
            | StoreError::VariableTaken { .. }
            | StoreError::Changed { .. }
            | StoreError::ChunksGone { .. }) => Self::of(taken).with_kind(FailureKind::Conflict),
            other => Self::of(other),
        }
    }
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        let kind = match error {
            RegistryError::TimedOut { .. } => FailureKind::TimedOut,
            _ => FailureKind::Failed,
        };
        Self::of(error).with_kind(kind)
    }
}

impl From<FlagSystemError> for Failure {
    fn from(error: FlagSystemError) -> Self {
        let kind = match error.problem {
            Problem::TimedOut => FailureKind::TimedOut,
            Problem::Moved(_) => FailureKind::Conflict,
            Problem::Unswitchable(_) => FailureKind::Usage,
            _ => FailureKind::Failed,
        };
        Self::of(error).with_kind(kind)
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Self::of(error)
    }
}

impl From<ComposeError> for Failure {
    fn from(error: ComposeError) -> Self {
        let kind = match &error {
            ComposeError::SeveralParts { .. }
            | ComposeError::NoPart { .. }
            | ComposeError::InParts { .. }
            | ComposeError::Target(_) => FailureKind::Usage,
            _ => FailureKind::Failed,
        };
        Self::of(error).with_kind(kind)
    }
}

impl From<BisectError> for Failure {
    fn from(error: BisectError) -> Self {
        let kind = match &error {
            BisectError::Equal { .. }
            | BisectError::Indivisible { .. }
            | BisectError::NoCommand { .. } => FailureKind::Usage,
            BisectError::GoodIsRed { .. }
            | BisectError::BadIsGreen { .. }
            | BisectError::Untestable { .. }
            | BisectError::Stopped { .. }
            | BisectError::Log { .. } => FailureKind::Failed,
        };
        Self::of(error).with_kind(kind)
    }
}

impl From<LadderError> for Failure {
    fn from(error: LadderError) -> Self {
        Self::of(error).with_kind(FailureKind::Usage)
    }
}

impl From<BenchError> for Failure {
    fn from(error: BenchError) -> Self {
        match error {
            BenchError::Load(error) => error.into(),
            BenchError::Engine(error) => error.into(),
            cache @ BenchError::Cache(_) => Self::of(cache),
        }
    }
}

/// Errors whose failures are of the ordinary kind.
macro_rules! ordinary {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::of(error)
            }
        }
    )+};
}

ordinary!(
    DocumentError,
    EngineError,
    LoadFailure,
    MissingVariable,
    PlanSourceError,
    SignatureError,
    SourceError,
);

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::causes::Fault;

    #[derive(Debug, thiserror::Error)]
    #[error("client error (Connect)")]
    struct Connect(#[source] io::Error);

    fn unreachable() -> ClusterError {
        ClusterError::Unreachable {
            server: "https://shop".to_owned(),
            fault: Fault::Other,
            proxied: false,
            cause: Connect(io::Error::other("Connection refused")).into(),
        }
    }

    #[test]
    fn what_the_message_tells_is_not_told_again() {
        let failure = Failure::from(unreachable());
        assert_eq!(
            failure.message,
            "Unable to connect to the server https://shop: Connection refused"
        );
        assert!(failure.untold_causes().is_empty());
        assert_eq!(failure.causes(), ["client error (Connect)", "Connection refused"]);
    }

    #[test]
    fn what_the_message_leaves_open_is_told() {
        let failure = Failure::new("the output cannot be written")
            .because(Connect(io::Error::other("Connection refused")));
        assert_eq!(failure.untold_causes(), ["client error (Connect)", "Connection refused"]);
        let failure = Failure::new("no way: client error (Connect)")
            .because(Connect(io::Error::other("Connection refused")));
        assert_eq!(failure.untold_causes(), ["Connection refused"]);
    }

    #[test]
    fn an_error_keeps_its_kind_and_itself_below_an_object() {
        let conflict = ClusterError::Conflict { message: "it has moved".to_owned() };
        let failure = Failure::from(StoreError::Cluster(conflict)).about("live:qa");
        assert_eq!(failure.kind, FailureKind::Conflict);
        assert_eq!(failure.message, "live:qa: Error from server (Conflict): it has moved");
        assert!(failure.source().unwrap().is::<ClusterError>());
        assert!(failure.untold_causes().is_empty());
    }
}
