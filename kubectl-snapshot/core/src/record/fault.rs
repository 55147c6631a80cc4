//! Faults of a chain: what is missing, changed, out of place, or no record at all.

use std::fmt;

use serde::Serialize;

use crate::digest::Digest;

/// Fault of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "camelCase")]
pub enum Fault {
    /// Missing record, or a row of them.
    Missing {
        /// The number, the first of a row.
        number: u64,
        /// The last number of a row.
        #[serde(skip_serializing_if = "Option::is_none")]
        through: Option<u64>,
    },
    /// Record that differs from the one that the next record, or the end of the chain,
    /// names.
    Changed {
        /// The number.
        number: u64,
        /// Source of the other digest: `record 8`, `the end of the chain`.
        witness: String,
        /// The digest that is named.
        expected: Digest,
        /// The digest that it has.
        found: Digest,
    },
    /// Record of another stage or number than its object's name says.
    Misplaced {
        /// Display name of the object, for messages.
        object: String,
        /// Stage and number in the text: `record 6 of qa`.
        says: String,
    },
    /// Record whose text differs from what the API server's guard checked.
    Disagrees {
        /// The number.
        number: u64,
        /// Name of the field: `actor`.
        mark: &'static str,
        /// Value in the text.
        says: String,
        /// Value beside the text.
        checked: String,
    },
    /// Record that no chain leads to: its number is far beyond the last, or none that a record
    /// can have.
    Stray {
        /// The number.
        number: u64,
        /// Display name of the object, for messages.
        object: String,
    },
    /// Object that is no record at all.
    Unreadable {
        /// Display name of the object, for messages.
        object: String,
        /// Description of the problem.
        cause: String,
    },
}

impl Fault {
    /// A row of missing records.
    pub(super) fn missing(first: u64, last: u64) -> Self {
        Self::Missing { number: first, through: (last > first).then_some(last) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { number, through: None } => write!(f, "record {number} is missing"),
            Self::Missing { number, through: Some(last) } => {
                write!(f, "records {number} to {last} are missing")
            }
            Self::Changed { number, witness, expected, found } => write!(
                f,
                "record {number} was changed: {witness} names {}, and it is {}",
                expected.short(),
                found.short()
            ),
            Self::Misplaced { object, says } => {
                write!(f, "{object} is not where it belongs: it says that it is {says}")
            }
            Self::Disagrees { number, mark, says, checked } => {
                let shown = |text: &str| if text.is_empty() { "nothing" } else { text }.to_owned();
                let (says, checked) = (shown(says), shown(checked));
                write!(f, "record {number} says {mark} {says}, and {checked} stands beside it")
            }
            Self::Stray { object, .. } => write!(f, "{object} stands apart: no chain leads to it"),
            Self::Unreadable { object, cause } => {
                write!(f, "{object} cannot be read as a record: {cause}")
            }
        }
    }
}
