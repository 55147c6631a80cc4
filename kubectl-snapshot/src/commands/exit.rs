//! The published exit codes.

use std::process::ExitCode;

use snapshot_core::{
    outcome::{Conclusion, Outcome},
    verdict::Verdict,
};

use crate::app::{FailureKind, deploy::Deployment};

/// Exit code of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or the same.
    Done,
    /// Different (`diff`); an error everywhere else.
    Failed,
    /// Used wrongly; for `diff`, every error.
    Usage,
    /// A policy denied it.
    Denied,
    /// A policy could not decide.
    Undecided,
    /// Conflict: somebody else owns or holds it, or it has moved.
    Conflict,
    /// Failed, and what ran before runs again.
    RolledBack,
    /// Timed out.
    TimedOut,
    /// All was written, and something else runs, or nobody could see what runs.
    Unverified,
    /// Ctrl-C, as shells count it.
    Interrupted,
    /// SIGTERM, as shells count it.
    Terminated,
    /// Exit code of the command that was run at the end.
    OfCommand(u8),
}

impl Exit {
    /// The process's exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Denied => 3,
            Self::Undecided => 4,
            Self::Conflict => 5,
            Self::RolledBack => 6,
            Self::TimedOut => 7,
            Self::Unverified => 8,
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::OfCommand(code) => code,
        }
    }
}

/// The shell's view of the conclusion from an outcome.
impl From<Conclusion> for Exit {
    fn from(conclusion: Conclusion) -> Self {
        match conclusion {
            Conclusion::Applied | Conclusion::Arrived | Conclusion::Unchanged => Self::Done,
            Conclusion::RolledBack => Self::RolledBack,
            Conclusion::Failed => Self::Failed,
            Conclusion::Conflict | Conclusion::LeaseLost => Self::Conflict,
            Conclusion::TimedOut => Self::TimedOut,
            Conclusion::Interrupted => Self::Interrupted,
            Conclusion::Different | Conclusion::Unverified => Self::Unverified,
        }
    }
}

/// The shell's view of a verdict.
impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allow | Verdict::Warn => Self::Done,
            Verdict::Undecided => Self::Undecided,
            Verdict::Deny => Self::Denied,
        }
    }
}

/// The shell's view of a deployment.
impl From<&Deployment> for Exit {
    fn from(deployment: &Deployment) -> Self {
        if deployment.is_refused() {
            return Self::from(deployment.verdict);
        }
        match deployment.outcome.as_ref().map(Outcome::conclusion).map_or(Self::Done, Self::from) {
            // Nobody who goes by the records must take for done what they do not tell.
            Self::Done if deployment.is_end_missing => Self::Failed,
            exit => exit,
        }
    }
}

/// The shell's view of a failure.
impl From<FailureKind> for Exit {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::Failed => Self::Failed,
            FailureKind::Usage => Self::Usage,
            FailureKind::Conflict => Self::Conflict,
            FailureKind::TimedOut => Self::TimedOut,
            FailureKind::Interrupted => Self::Interrupted,
            FailureKind::Terminated => Self::Terminated,
            FailureKind::NobodyReads => Self::Done,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
