//! A resolved snapshot: what a REF on the command line has turned out to be.

use snapshot_core::{
    parts::{Document, PartName, Several},
    snapshot::Snapshot,
};

use super::{AppError, Failure};

/// The set of one namespace, and what the user calls it.
#[derive(Debug)]
pub struct ResolvedSnapshot {
    /// Label, as the user calls it.
    pub label: String,
    /// The snapshot.
    pub snapshot: Snapshot,
}

/// A snapshot of one namespace or in parts, and what the user calls it.
#[derive(Debug)]
pub struct ResolvedDocument {
    /// Label, as the user calls it.
    pub label: String,
    /// The snapshot.
    pub document: Document,
}

/// Two snapshots that can be compared: both of one namespace, or both in parts.
#[derive(Debug)]
pub enum Sides {
    /// Both are of one namespace.
    One(Box<[ResolvedSnapshot; 2]>),
    /// Both are in parts.
    Parts(Box<[ResolvedParts; 2]>),
}

/// A snapshot, and maybe one beside it: both of one namespace, or both in parts.
#[derive(Debug)]
pub enum Beside {
    /// The set of one namespace.
    One(ResolvedSnapshot, Option<ResolvedSnapshot>),
    /// A set in parts.
    Parts(ResolvedParts, Option<ResolvedParts>),
}

impl Beside {
    /// Takes a snapshot together with another one, if there is one.
    ///
    /// # Errors
    /// One is of one namespace, and the other in parts.
    pub fn of(one: ResolvedDocument, other: Option<ResolvedDocument>) -> Result<Self, Failure> {
        let Some(other) = other else {
            let ResolvedDocument { label, document } = one;
            return Ok(match document {
                Document::One(snapshot) => Self::One(ResolvedSnapshot { label, snapshot }, None),
                Document::Several(snapshot) => Self::Parts(ResolvedParts { label, snapshot }, None),
            });
        };
        Ok(match Sides::of([one, other])? {
            Sides::One(sides) => {
                let [one, other] = *sides;
                Self::One(one, Some(other))
            }
            Sides::Parts(sides) => {
                let [one, other] = *sides;
                Self::Parts(one, Some(other))
            }
        })
    }
}

/// A snapshot in parts, and what the user calls it.
#[derive(Debug)]
pub struct ResolvedParts {
    /// Label, as the user calls it.
    pub label: String,
    /// The snapshot.
    pub snapshot: Several,
}

impl Sides {
    /// Takes two snapshots together.
    ///
    /// # Errors
    /// One is of one namespace, and the other in parts.
    pub fn of([from, to]: [ResolvedDocument; 2]) -> Result<Self, Failure> {
        let beside = |one: &str, label: String, several: &Several| {
            let parts = several.parts.names().cloned().collect();
            AppError::OneBesideParts { one: one.to_owned(), several: label, parts }.into()
        };
        match (from.document, to.document) {
            (Document::One(before), Document::One(after)) => Ok(Self::One(Box::new([
                ResolvedSnapshot { label: from.label, snapshot: before },
                ResolvedSnapshot { label: to.label, snapshot: after },
            ]))),
            (Document::Several(before), Document::Several(after)) => Ok(Self::Parts(Box::new([
                ResolvedParts { label: from.label, snapshot: before },
                ResolvedParts { label: to.label, snapshot: after },
            ]))),
            (Document::One(_), Document::Several(parts)) => {
                Err(beside(&from.label, to.label, &parts))
            }
            (Document::Several(parts), Document::One(_)) => {
                Err(beside(&to.label, from.label, &parts))
            }
        }
    }
}

impl ResolvedDocument {
    /// The set of one namespace.
    ///
    /// # Errors
    /// It is a set in parts.
    pub fn one(self) -> Result<ResolvedSnapshot, Failure> {
        let Self { label, document } = self;
        match document.into_one() {
            Ok(snapshot) => Ok(ResolvedSnapshot { label, snapshot }),
            Err(error) => Err(AppError::InParts { label, error }.into()),
        }
    }

    /// One part of it, where one is named, as the set of one namespace; else the whole.
    ///
    /// # Errors
    /// It has no such part.
    pub fn part(self, part: Option<&PartName>) -> Result<Self, Failure> {
        let Some(part) = part else { return Ok(self) };
        let Self { label, document } = self;
        match document.into_part(part) {
            Ok(snapshot) => {
                Ok(Self { label: format!("{label}, part {part}"), document: snapshot.into() })
            }
            Err(error) => Err(AppError::NoPart { label, error }.into()),
        }
    }
}
