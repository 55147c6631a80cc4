//! Result of asking a policy.

use crate::records::Finding;
use snapshot_core::digest::Digest;
use snapshot_core::policy::Decision;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;
use thiserror::Error;

/// One policy's answer to one question, and what it took.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Evaluation {
    /// Findings, or the reason why there are none to go by.
    pub result: Result<Vec<Finding>, Undecided>,
    /// Findings that may pass by themselves, as the policy says, by their places among them; with
    /// the time at which they will, in seconds since 1970, where time alone decides.
    pub may_pass: BTreeMap<usize, Option<u64>>,
    /// The question's digest: what seeded the random numbers.
    pub question: Digest,
    /// Text that the policy printed, safe to show; the last
    /// [`Limits::output`](crate::Limits::output) bytes of it.
    pub output: String,
    /// Wall time from instantiating the policy to its answer.
    pub duration: Duration,
    /// The most memory it had at any time, in bytes.
    pub peak_memory: usize,
}

/// Reason why a policy did not decide. The verdict treats all of these alike: as
/// `undecided`, which fails closed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Undecided {
    /// Declined by the policy itself.
    #[error("{message}")]
    Declined {
        /// The policy's words, safe to print.
        message: String,
    },
    /// No export of this decision.
    #[error("the policy does not decide {0}")]
    NotDecided(Decision),
    /// Time limit exceeded.
    #[error("the policy ran longer than {} and was stopped", Seconds(.limit))]
    TimeLimit {
        /// The limit it ran into.
        limit: Duration,
    },
    /// Memory limit exceeded.
    #[error("the policy asked for more than {} of memory and was stopped", Bytes(.limit))]
    MemoryLimit {
        /// The limit it ran into, in bytes.
        limit: usize,
    },
    /// Calls nested too deeply.
    #[error("the policy used up its call stack and was stopped")]
    StackOverflow,
    /// Answer larger than [`Limits::answer`](crate::Limits::answer).
    #[error("the policy's answer is larger than {}", Bytes(.limit))]
    AnswerTooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// More findings than anybody could read.
    #[error("the policy has {found} findings; at most {limit} are read")]
    TooManyFindings {
        /// Number of findings returned.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// Exit of its process in place of an answer.
    #[error("the policy exited with status {status} instead of answering")]
    Exited {
        /// Exit status.
        status: i32,
    },
    /// Trap or other crash.
    #[error("the policy crashed: {reason}{}", Printed(.printed))]
    Crashed {
        /// Message of the engine.
        reason: String,
        /// The last lines it printed, which hold a panic's message; safe to print.
        printed: String,
    },
}

impl Undecided {
    /// Hint: what the reader can do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Declined { .. } => {
                "this is the policy's own reason: if neither its settings nor the question explain \
                 it, tell the policy's author"
            }
            Self::NotDecided(_) => "bind a policy that exports this decision",
            Self::TimeLimit { .. } => {
                "the same question runs into it again: have the policy do less per service, or \
                 raise the limit with --policy-timeout"
            }
            Self::MemoryLimit { .. } => {
                "the same question runs into it again: have the policy keep less, or raise the \
                 limit with --policy-memory"
            }
            Self::StackOverflow => "look for a recursion without an end in the policy",
            Self::AnswerTooLarge { .. } | Self::TooManyFindings { .. } => {
                "have the policy sum up: one finding can have many subjects"
            }
            Self::Exited { .. } => "have the policy return its findings, or an error, instead",
            Self::Crashed { .. } => "this is a bug in the policy: report it with the question",
        }
    }
}

struct Seconds<'a>(&'a Duration);

impl fmt::Display for Seconds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0.as_secs_f64())
    }
}

struct Bytes<'a>(&'a usize);

impl fmt::Display for Bytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self.0 {
            bytes if bytes >= 1 << 20 && bytes % (1 << 20) == 0 => write!(f, "{} MiB", bytes >> 20),
            bytes if bytes >= 1 << 10 && bytes % (1 << 10) == 0 => write!(f, "{} KiB", bytes >> 10),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}

struct Printed<'a>(&'a str);

impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => Ok(()),
            printed => write!(f, "; it printed: {printed}"),
        }
    }
}
