//! Remarks of a policy about its findings.

use crate::hashing;
use crate::records::{Finding, Severity};
use snapshot_core::digest::Digest;
use std::collections::BTreeMap;

/// Name of the interface in the contract.
pub(crate) const INTERFACE: &str = "remarks";

/// Remarks of a policy about findings that may pass by themselves.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    by_finding: BTreeMap<Digest, Option<u64>>,
}

impl Remarks {
    /// Keeps a remark: its digest, so that a policy that makes many costs no more memory.
    pub(crate) fn keep(&mut self, code: &str, message: &str, at: Option<u64>, most: usize) {
        if self.by_finding.len() < most {
            self.by_finding.insert(key(code, message), at);
        }
    }

    /// The findings that may pass by themselves, by their places in the answer, with the time at
    /// which they will, where that is known.
    pub(crate) fn of(&self, findings: &[Finding]) -> BTreeMap<usize, Option<u64>> {
        if self.by_finding.is_empty() {
            return BTreeMap::new();
        }
        let undecided =
            findings.iter().enumerate().filter(|(_, one)| one.severity == Severity::Undecided);
        undecided
            .filter_map(|(place, one)| {
                let at = self.by_finding.get(&key(&one.code, &one.message))?;
                Some((place, *at))
            })
            .collect()
    }
}

fn key(code: &str, message: &str) -> Digest {
    hashing::of_json(&[code, message])
}
