//! Stages before a stage that have gone on.

use serde::Serialize;

use crate::{
    digest::Digest,
    name::StageName,
    record::{Chain, SnapshotRef},
};

/// A stage before another, and the newer set that it runs by its records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Behind {
    /// The stage before.
    pub stage: StageName,
    /// The set that it runs.
    pub snapshot: SnapshotRef,
}

/// The set that the stage before has gone on to since it ran `here`, if it has.
///
/// A stage that has gone back to what ran before does not put those after it behind.
#[must_use]
pub fn behind(here: Option<&Digest>, before: &Chain) -> Option<Behind> {
    let runs = before.deployed()?.snapshot;
    if here == Some(&runs.digest) {
        return None;
    }
    let attempts = before.attempts();
    let first = |digest: &Digest| {
        attempts.iter().position(|one| one.succeeded() && one.decided.snapshot.digest == *digest)
    };
    let is_older = match (here.and_then(first), first(&runs.digest)) {
        (Some(here), Some(there)) => there < here,
        _ => false,
    };
    (!is_older).then(|| Behind { stage: before.stage.clone(), snapshot: runs })
}
