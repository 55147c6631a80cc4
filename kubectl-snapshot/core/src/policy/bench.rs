//! Benchmark report of a policy.

use serde::Serialize;

use crate::digest::Digest;

/// Benchmark of a policy: time to load it, and time to ask it. Times are in microseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Benchmark {
    /// Name of the policy, as the user gave it.
    pub policy: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// Size of the policy, in bytes.
    pub bytes: u64,
    /// Number of measured repetitions.
    pub rounds: usize,
    /// Compiling it, the first time it is used: the median.
    pub compile: u64,
    /// Getting it ready once it is compiled: the median.
    pub start: u64,
    /// Asking it, by size.
    pub sizes: Vec<BenchRow>,
}

/// Cost of asking a policy about a set of this size.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BenchRow {
    /// Number of services in the candidate, and in what runs.
    pub services: usize,
    /// Half of the calls took no longer.
    pub median: u64,
    /// The slowest call.
    pub worst: u64,
    /// The most memory that the policy had, in bytes.
    pub peak_memory: u64,
    /// Number of findings.
    pub findings: usize,
    /// Reason why the policy did not decide, where it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undecided: Option<String>,
}
