//! Records by their numbers.

use snapshot_core::record::{Attempt, Chain};

use super::{AppError, Failure};

/// The decision that a record is, or is the end of.
pub fn attempt(chain: &Chain, number: u64) -> Result<Attempt<'_>, Failure> {
    let found = chain.attempt(number);
    found.ok_or_else(|| AppError::NoRecord { stage: chain.stage.clone(), number }.into())
}
