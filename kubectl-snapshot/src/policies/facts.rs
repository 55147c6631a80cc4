//! Facts that questions and their details are made of.

use std::collections::BTreeMap;

use snapshot_core::{
    ancestry::Ancestry,
    environment::PlaceValues,
    evidence::Evidence,
    manifest::{Kind, Pins},
    plan::WrittenImages,
    promotion::StageState,
    snapshot::{Snapshot, Spec},
};
use snapshot_policy_host::records::{Details, Topic};

use super::Wanted;

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
    /// Times at which the sets were captured.
    pub captured: Captured,
    /// Everything that is recorded, where records are read.
    pub past: Option<Past<'a>>,
}

/// Times at which two sets were captured, in seconds since 1970, where they are known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Captured {
    /// Time of the candidate's capture.
    pub candidate: Option<u64>,
    /// Time of the running set's capture.
    pub running: Option<u64>,
}

/// Everything that is recorded of the stages and of the candidate.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// Stages of the ladder, with what runs there.
    pub stages: &'a [StageState],
    /// Facts about the candidate.
    pub evidence: &'a [Evidence],
}

/// Facts that details are looked up in.
pub trait Lookup: Sync {
    /// Adds the details of a topic that are not there yet.
    fn add(&self, details: &mut Details, topic: Topic, wanted: &Wanted);
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
    /// The set with what the plan leaves alone there, where it leaves anything.
    pub will_run: Option<&'a Spec>,
}

/// Facts of a fixture, which says all that there is: what it does not let stay is not there.
pub struct OfFixture<'a>(pub &'a Facts<'a>);

impl Lookup for OfFixture<'_> {
    fn add(&self, details: &mut Details, topic: Topic, wanted: &Wanted) {
        self.0.add(details, topic, wanted);
        if topic == Topic::Beside {
            details.beside.get_or_insert_default();
        }
    }
}
