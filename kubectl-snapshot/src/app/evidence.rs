//! Evidence of a store that cannot be believed, for whoever reads the rest.

use crate::store::KnownFacts;

/// The most pieces that are named one by one.
const NAMED: usize = 5;

/// A warning for each piece of evidence that is left out.
pub fn left_out(known: &KnownFacts) -> Vec<String> {
    let named = known.left_out.iter().take(NAMED);
    let mut warnings: Vec<String> =
        named.map(|one| format!("{}; it is left out", one.error)).collect();
    let more = known.left_out.len().saturating_sub(NAMED);
    if more > 0 {
        warnings
            .push(format!("{more} more pieces of evidence cannot be believed and are left out"));
    }
    warnings
}
