//! Outcome of a plan's writes.

use snapshot_core::{manifest::Kind, plan::ObjectName};

use super::{super::rollout::RolloutTarget, Moved};
use crate::cluster::ClusterError;

/// An object that is now as the plan wants it.
#[derive(Clone, Debug)]
pub struct Written {
    /// The object's kind.
    pub kind: Kind,
    /// The object's name.
    pub name: String,
    /// Rollout to wait for, where it is a workload and was not a dry run.
    pub rollout: Option<RolloutTarget>,
    /// UID of the object, where the write has created it.
    pub uid: Option<String>,
}

/// Objects written, failed and not begun: together the plan's steps.
#[derive(Debug, Default)]
pub struct WriteOutcome {
    /// Written objects, in the order of the server's answers.
    pub written: Vec<Written>,
    /// The first failure, and those of writes that were in flight with it.
    pub failed: Vec<WriteError>,
    /// In the plan's order.
    pub not_started: Vec<ObjectName>,
}

impl WriteOutcome {
    /// True if every step of the plan was written.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_started.is_empty()
    }

    /// The rollouts that the writes began.
    #[must_use]
    pub fn rollouts(&self) -> Vec<RolloutTarget> {
        self.written.iter().filter_map(|written| written.rollout.clone()).collect()
    }
}

/// Error: an object is not as the plan wants it.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Object that has changed since the plan was made.
    #[error(
        "{kind} {name} was {how} by someone else since the plan was made; run the command again"
    )]
    Moved {
        /// The object's kind.
        kind: Kind,
        /// The object's name.
        name: String,
        /// Change by someone else.
        how: Moved,
    },
    /// The answer to the write was lost, and a look at the object did not tell.
    #[error("it is not known whether {kind} {name} was written: {cause}")]
    Unknown {
        /// The object's kind.
        kind: Kind,
        /// The object's name.
        name: String,
        /// The error in place of the answer.
        #[source]
        cause: ClusterError,
    },
    /// The server did not take the write.
    #[error("{kind} {name} was not written: {cause}")]
    Refused {
        /// The object's kind.
        kind: Kind,
        /// The object's name.
        name: String,
        /// The server's words.
        #[source]
        cause: ClusterError,
    },
}

impl WriteError {
    /// True if somebody else has changed the object.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        matches!(self, Self::Moved { .. })
    }

    /// The object that was to be written.
    #[must_use]
    pub fn object(&self) -> (Kind, &str) {
        match self {
            Self::Moved { kind, name, .. }
            | Self::Unknown { kind, name, .. }
            | Self::Refused { kind, name, .. } => (*kind, name),
        }
    }
}
