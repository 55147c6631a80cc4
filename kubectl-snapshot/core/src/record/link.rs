//! Links of a chain: records as they are stored, and as they were read.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Record;
use crate::digest::Digest;

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
