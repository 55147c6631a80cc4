//! Chain of records, and the check that it is whole.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::Record;
use crate::{digest::Digest, name::StageName};

/// A record as it is stored.
#[derive(Clone, Debug)]
pub struct StoredRecord {
    /// The number that its object's name says, where it says one.
    pub number: Option<u64>,
    /// Display name of the object, for messages.
    pub object: String,
    /// Fields of the entry beside the text, which the API server's guard has checked.
    pub marks: BTreeMap<String, String>,
    /// The record's text.
    pub text: String,
}

/// Last record of the chain: kept apart, so that taking the last away shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainEnd {
    /// Number of the record.
    pub number: u64,
    /// Digest of the record.
    pub digest: Digest,
}

/// A record in its place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// The record.
    #[serde(flatten)]
    pub record: Record,
    /// The digest of its text.
    pub digest: Digest,
}

/// The records of a stage, and what is wrong with them.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The stage.
    pub stage: StageName,
    /// Those that can be read, by number.
    pub links: Vec<Link>,
    /// Faults, in the order of the numbers.
    pub faults: Vec<Fault>,
}

/// Fault of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "camelCase")]
pub enum Fault {
    /// Missing record.
    Missing {
        /// The number.
        number: u64,
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
    /// Object that is no record at all.
    Unreadable {
        /// Display name of the object, for messages.
        object: String,
        /// Description of the problem.
        cause: String,
    },
}

impl Chain {
    /// Reads the records of a stage.
    #[must_use]
    pub fn read(stage: &StageName, stored: Vec<StoredRecord>, end: Option<ChainEnd>) -> Self {
        let mut faults = Vec::new();
        let mut links = BTreeMap::new();
        for one in stored {
            match read(stage, &one) {
                Ok((number, link)) => {
                    let disagreement = disagreement(&link.record, &one.marks);
                    faults.extend(disagreement.map(|fault| (number, fault)));
                    links.insert(number, link);
                }
                Err(fault) => faults.push((one.number.unwrap_or(0), fault)),
            }
        }
        let unreadable: Vec<u64> = faults.iter().map(|(number, _)| *number).collect();
        let last = links.keys().max().copied().max(end.map(|end| end.number)).unwrap_or(0);
        for number in 1..=last {
            match links.get(&number) {
                None if unreadable.contains(&number) => {}
                None => faults.push((number, Fault::Missing { number })),
                Some(link) => {
                    faults.extend(
                        against(link, links.get(&(number + 1)), end).map(|fault| (number, fault)),
                    );
                }
            }
        }
        faults.sort_by_key(|(number, _)| *number);
        let faults = faults.into_iter().map(|(_, fault)| fault).collect();
        Self { stage: stage.clone(), links: links.into_values().collect(), faults }
    }

    /// The last record.
    #[must_use]
    pub fn last(&self) -> Option<&Link> {
        self.links.last()
    }
}

/// Reads one, and sees that it is where it says.
fn read(stage: &StageName, stored: &StoredRecord) -> Result<(u64, Link), Fault> {
    let record: Record = serde_json::from_str(&stored.text).map_err(|error| Fault::Unreadable {
        object: stored.object.clone(),
        cause: error.to_string(),
    })?;
    if stored.number != Some(record.number) || record.stage != *stage {
        return Err(Fault::Misplaced {
            object: stored.object.clone(),
            says: format!("record {} of {}", record.number, record.stage),
        });
    }
    // A digest is of the text as it is stored: what reading does not look at counts too.
    Ok((record.number, Link { digest: Digest::of(stored.text.as_bytes()), record }))
}

/// Fault of a record whose text differs from the fields that the guard checked: the guard
/// cannot read the text.
fn disagreement(record: &Record, marks: &BTreeMap<String, String>) -> Option<Fault> {
    let told = record.marks();
    Record::MARKS.into_iter().find_map(|mark| {
        let says = told.get(mark).cloned().unwrap_or_default();
        let checked = marks.get(mark).cloned().unwrap_or_default();
        (says != checked).then_some(Fault::Disagrees { number: record.number, mark, says, checked })
    })
}

/// Fault of a record against the digests that its successor and the end of the chain name.
fn against(link: &Link, next: Option<&Link>, end: Option<ChainEnd>) -> Option<Fault> {
    let number = link.record.number;
    let named =
        next.and_then(|next| Some((format!("record {}", number + 1), next.record.previous?)));
    let ended = end
        .filter(|end| end.number == number)
        .map(|end| ("the end of the chain".to_owned(), end.digest));
    let mut witnesses = named.into_iter().chain(ended);
    let (witness, expected) = witnesses.find(|(_, expected)| *expected != link.digest)?;
    Some(Fault::Changed { number, witness, expected, found: link.digest })
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { number } => write!(f, "record {number} is missing"),
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
            Self::Unreadable { object, cause } => {
                write!(f, "{object} cannot be read as a record: {cause}")
            }
        }
    }
}
