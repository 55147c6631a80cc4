//! Units: what moves together from GOOD to BAD.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::compose::Difference;

/// Differences that are applied together, or not at all.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unit {
    /// The unit in words: `web 7d1f0c9`, `flag new-pricing`, `cart 1.5.0 and tax 1.4.0`.
    pub title: String,
    /// The differences.
    #[serde(skip)]
    pub differences: BTreeSet<Difference>,
    /// Suspicion of it, beside others.
    #[serde(skip)]
    pub suspicion: f64,
}
