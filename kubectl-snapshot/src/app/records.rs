//! Records by their numbers.

use snapshot_core::record::{Attempt, Chain};

use super::Failure;

/// The decision that a record is, or is the end of.
pub fn attempt(chain: &Chain, number: u64) -> Result<Attempt<'_>, Failure> {
    chain.attempt(number).ok_or_else(|| {
        Failure::new(format!("stage {} has no record {number}", chain.stage))
            .hint(format!("kubectl snapshot history {} shows those that there are", chain.stage))
    })
}
