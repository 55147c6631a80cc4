//! Waiting until workloads run what was written, as `kubectl rollout status` has it.

mod board;
mod failure;
mod follow;
mod look;
mod pod;
mod refusals;
mod state;
mod status;
mod target;
mod waiting;
mod watch;

use snapshot_core::manifest::Kind;

pub use target::RolloutTarget;
pub use watch::{WatchOptions, watch};

/// What became of one rollout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollout {
    /// The workload's kind.
    pub kind: Kind,
    /// The workload's name.
    pub name: String,
    /// What became of it.
    pub outcome: RolloutOutcome,
}

/// How the wait for a rollout ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RolloutOutcome {
    /// The workload runs what was written.
    Done {
        /// What the reader should know all the same.
        note: Option<&'static str>,
    },
    /// It will not run what was written.
    Failed {
        /// Why: what is wrong with its pods, in the words that help.
        reason: String,
    },
    /// It did not run what was written in time.
    TimedOut {
        /// What was still waited for, and what its pods said.
        reason: String,
    },
    /// Somebody asked to stop before the rest was known.
    Stopped,
}

/// What happens while rollouts are waited for.
#[derive(Clone, Copy, Debug)]
pub enum RolloutEvent<'a> {
    /// It came closer, or something new stands in its way.
    Waiting {
        /// The workload's kind.
        kind: Kind,
        /// The workload's name.
        name: &'a str,
        /// What it is waiting for.
        text: &'a str,
    },
    /// The wait for it is over.
    Settled(&'a Rollout),
}
