//! Facts that questions and their details are made of.

use std::collections::BTreeMap;

use snapshot_core::{
    ancestry::Ancestry,
    environment::PlaceValues,
    manifest::{Kind, Pins},
    plan::WrittenImages,
    snapshot::Snapshot,
};

/// The facts that every question begins with.
#[derive(Debug)]
pub struct Facts<'a> {
    /// Name of the candidate, as the user gave it.
    pub name: &'a str,
    /// The set that would run.
    pub candidate: &'a Snapshot,
    /// Live set where the candidate would go, and its name as the user gave it.
    pub running: Option<(&'a str, &'a Snapshot)>,
    /// Order of the commits of both, as git knows it.
    pub ancestry: &'a Ancestry,
    /// Seconds since 1970: the policies' clock.
    pub now: u64,
    /// The place that the candidate would go to, where it is known.
    pub place: Option<Place<'a>>,
}

/// The place that a candidate would go to.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Values that variables have there.
    pub values: &'a PlaceValues,
    /// The digests that images are written with there, by workload.
    pub pins: &'a BTreeMap<(Kind, String), Pins>,
    /// Images by container as they will be written, of workloads that are looked into; none
    /// where nothing is planned.
    pub written: Option<&'a WrittenImages>,
}
