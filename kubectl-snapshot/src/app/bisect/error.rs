//! Errors of bisecting.

/// Error: a bisection makes no sense, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum BisectError {
    /// Two names of one set.
    #[error("{good} and {bad} are one set: there is nothing between them")]
    Equal {
        /// The set that is to be green, as the user calls it.
        good: String,
        /// The set that is to be red, as the user calls it.
        bad: String,
    },
    /// Sets without a difference that could be applied.
    #[error("{good} and {bad} differ in nothing that could be applied by itself")]
    Indivisible {
        /// The set that is to be green, as the user calls it.
        good: String,
        /// The set that is to be red, as the user calls it.
        bad: String,
    },
    /// The command fails for GOOD.
    #[error(
        "the command fails for {set} too, in {red} of {runs} runs: what breaks it is not told by what comes after"
    )]
    GoodIsRed {
        /// The set, as the user calls it.
        set: String,
        /// Number of red runs.
        red: u32,
        /// Number of runs.
        runs: u32,
    },
    /// The command does not fail for BAD.
    #[error("the command does not fail for {set}, in {runs} runs: there is nothing to look for")]
    BadIsGreen {
        /// The set, as the user calls it.
        set: String,
        /// Number of runs.
        runs: u32,
    },
    /// An end that cannot be tested.
    #[error("{set} cannot be tested: {reason}")]
    Untestable {
        /// The set, as the user calls it.
        set: String,
        /// Reason why.
        reason: String,
    },
    /// A command that cannot be run at all.
    #[error("{command}: it cannot be run: {cause}")]
    NoCommand {
        /// The command.
        command: String,
        /// Cause of it.
        cause: String,
    },
    /// A command that ended in a way that stops everything.
    #[error("{command} ended with exit code {code}, which stops the bisection")]
    Stopped {
        /// The command.
        command: String,
        /// Exit code of it; for a signal 128 and the signal.
        code: i32,
    },
    /// A file of results that cannot be used.
    #[error("the results in {file} cannot be {verb}: {cause}")]
    Log {
        /// The file.
        file: String,
        /// `read` or `written`.
        verb: &'static str,
        /// Cause of it.
        cause: std::io::Error,
    },
}
