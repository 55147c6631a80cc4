//! Options of an execution.

use std::time::Duration;

/// Options of an execution.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExecuteOptions {
    /// Have the server check every write, and keep none.
    pub(super) trial: bool,
    /// The rollouts to wait for.
    pub(super) waiting: Waiting,
    /// The time that they may take altogether.
    pub(super) timeout: Duration,
    /// The answer to something that goes wrong.
    pub(super) on_failure: OnFailure,
}

/// Answer to a write or a rollout that fails, or to somebody who asks to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// Way back: everything that was written is made what it was.
    GoBack,
    /// Stop: nothing new is begun, and what was written stays.
    Leave,
    /// Going on with the others; what was written stays.
    KeepGoing,
}

/// The rollouts that are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiting {
    /// None, and nobody looks afterwards.
    No,
    /// Those that the writes begin.
    ForWritten,
    /// Those of every workload of the set: earlier writes may still be on their way.
    ForAll,
}
