//! What a policy costs.

use serde::Serialize;

use crate::digest::Digest;

/// What a policy costs: getting it ready, and asking it. Times are in microseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Benchmark {
    /// What the user calls it.
    pub policy: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// How many there are.
    pub bytes: u64,
    /// How often each thing was done.
    pub rounds: usize,
    /// Compiling it, the first time it is used: the median.
    pub compile: u64,
    /// Getting it ready once it is compiled: the median.
    pub start: u64,
    /// Asking it, by size.
    pub sizes: Vec<BenchRow>,
}

/// What asking a policy about so many services costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BenchRow {
    /// How many services the candidate, and what runs, have each.
    pub services: usize,
    /// Half of the calls took no longer.
    pub median: u64,
    /// The slowest call.
    pub worst: u64,
    /// The most memory that the policy had, in bytes.
    pub peak_memory: u64,
    /// How many things it said.
    pub findings: usize,
    /// Why it did not decide, where it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undecided: Option<String>,
}
