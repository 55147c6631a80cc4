//! Rollouts: the wait until workloads run what was written, as `kubectl rollout status` has it.

#![warn(clippy::wildcard_enum_match_arm)]

mod failure;
mod follow;
mod inspection;
mod pod;
mod refusals;
mod rules;
mod state;
mod target;
mod tracker;
mod waiting;
mod watch;

use snapshot_core::manifest::Kind;

pub use target::RolloutTarget;
pub use watch::{RolloutsEnd, WatchOptions, watch};

/// Outcome of one rollout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollout {
    /// The workload's kind.
    pub kind: Kind,
    /// The workload's name.
    pub name: String,
    /// Outcome.
    pub outcome: RolloutOutcome,
}

/// Outcome of waiting for a rollout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RolloutOutcome {
    /// The workload runs what was written.
    Done {
        /// Note for the reader.
        note: Option<&'static str>,
    },
    /// Failed: it will not run what was written.
    Failed {
        /// Reason: the problem of its pods, in the words that help.
        reason: String,
    },
    /// Timed out before it ran what was written.
    TimedOut {
        /// Reason: what was still waited for, and what its pods said.
        reason: String,
    },
    /// Stopped on request before the rest was known.
    Stopped,
    /// The wait broke off before its end was seen.
    Unknown,
}

/// Event during the wait for rollouts.
#[derive(Clone, Copy, Debug)]
pub enum RolloutEvent<'a> {
    /// Progress, or a new obstacle.
    Waiting {
        /// The workload's kind.
        kind: Kind,
        /// The workload's name.
        name: &'a str,
        /// Description of what it is waiting for.
        text: &'a str,
    },
    /// The wait for it is over.
    Settled(&'a Rollout),
}
