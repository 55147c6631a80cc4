//! Names of records: a stage, or one of its records.

use std::str::FromStr;

use super::{Attempt, Chain};
use crate::{digest::Digest, name::StageName};

/// The fewest digits that name a record by its digest.
const FEWEST_DIGITS: usize = 8;

/// A stage, or one record of it: `prod`, `prod/7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordReference {
    /// The stage.
    pub stage: StageName,
    /// The record's number.
    pub number: Option<u64>,
}

impl FromStr for RecordReference {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (stage, number) = match text.split_once('/') {
            None => (text, None),
            Some((stage, number)) => (
                stage,
                Some(number.parse().map_err(|_| format!("{number:?} is not a record's number"))?),
            ),
        };
        Ok(Self { stage: stage.parse().map_err(|error| format!("{error}"))?, number })
    }
}

/// The beginning of a record's digest, noted where nobody can reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor(String);

impl FromStr for Anchor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("sha256:") {
            Some(digits) if digits.len() >= FEWEST_DIGITS => Ok(Self(text.to_owned())),
            _ => Err("an anchor is sha256: and at least 8 digits of a record's digest".to_owned()),
        }
    }
}

impl Chain {
    /// The decision that a record is, or is the end of.
    #[must_use]
    pub fn attempt(&self, number: u64) -> Option<Attempt<'_>> {
        let is_it = |attempt: &Attempt<'_>| {
            attempt.link.record.number == number
                || attempt.ended.is_some_and(|(link, _)| link.record.number == number)
        };
        self.attempts().into_iter().find(is_it)
    }

    /// Presence of a record that was noted elsewhere.
    #[must_use]
    pub fn holds(&self, anchor: &Anchor) -> bool {
        let is_it = |digest: &Digest| digest.to_string().starts_with(&anchor.0);
        self.links.iter().any(|link| is_it(&link.digest))
    }

    /// The reason for which what the chain tells is not to be believed, if there is one.
    #[must_use]
    pub fn distrust(&self) -> Option<String> {
        let first = self.faults.first()?;
        let stage = &self.stage;
        Some(format!(
            "the records of {stage} cannot be trusted: {first}; the history of {stage} says more, where it is verified"
        ))
    }

    /// The sets that the stage cannot do without, each with the reason.
    #[must_use]
    pub fn needed(&self) -> Vec<(Digest, String)> {
        let stage = &self.stage;
        let deployed = self.deployed().map(|deployed| deployed.snapshot.digest);
        let before = self.way_back().map(|named| named.digest);
        let deployed = deployed.map(|digest| (digest, format!("stage {stage} runs it")));
        let before = before.map(|digest| (digest, format!("stage {stage} would go back to it")));
        deployed.into_iter().chain(before).collect()
    }
}
