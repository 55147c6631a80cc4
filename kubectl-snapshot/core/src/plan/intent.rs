//! Intent of a plan: the set that should run, and everything that is known of the place.

use std::collections::{BTreeMap, BTreeSet};

use super::Existing;
use crate::{
    cluster_namespace::ClusterNamespace,
    digest::Digest,
    manifest::{Kind, Manifest, Pins, PlaceMarks},
    pin::Pin,
    snapshot::Spec,
};

/// Things by the kind and name of their objects.
pub(super) type ByName<'a, T> = BTreeMap<(Kind, String), &'a T>;

/// Inputs of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Intent<'a> {
    /// Name of the set, as the user gave it.
    pub name: &'a str,
    /// The set's digest.
    pub digest: Digest,
    /// The namespace to write to.
    pub target: &'a ClusterNamespace,
    /// The set that should run.
    pub set: &'a Spec,
    /// Live set, with the value of every variable in it.
    pub live: &'a Spec,
    /// Live ConfigMaps and other objects that nothing that runs needs.
    pub unused: &'a [Manifest],
    /// Digests that the images of what is there are written with, by workload.
    pub pins: &'a BTreeMap<(Kind, String), Pins>,
    /// The images that are written with the digests that the set knows.
    pub pin: Pin,
    /// Cluster facts about each object that is there.
    pub existing: &'a BTreeMap<(Kind, String), Existing>,
    /// The kinds that the place's cluster does not serve.
    pub unserved: &'a [Kind],
    /// The values chosen for variables.
    pub chosen: &'a BTreeMap<String, String>,
    /// The labels and annotations that belong to the place.
    pub marks: &'a PlaceMarks<'a>,
    /// The time, RFC 3339 in UTC.
    pub now: &'a str,
    /// The objects that sets which were here before have deployed: where this set
    /// lacks one, it is removed. All others stay.
    pub deployed: &'a BTreeSet<(Kind, String)>,
}

/// Manifests by what they are of.
pub(super) fn by_name<'a>(
    manifests: impl IntoIterator<Item = &'a Manifest>,
) -> ByName<'a, Manifest> {
    manifests.into_iter().filter_map(|manifest| Some((manifest.identity()?, manifest))).collect()
}
