//! The argument that names a decision.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use snapshot_core::policy::Decision;

/// Reads the word for a decision.
pub(super) fn decision() -> impl TypedValueParser<Value = Decision> {
    PossibleValuesParser::new(Decision::ALL.map(Decision::name))
        .try_map(|word| word.parse::<Decision>())
}
