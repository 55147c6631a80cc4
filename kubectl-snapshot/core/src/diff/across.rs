//! Comparison of two sets in parts, part by part.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Diff, Presence, Side, Summary, compare, compare_some, side};
use crate::{
    digest::Digest,
    evidence::EvidenceDiff,
    parts::{PartName, Several},
    service_filter::ServiceFilter,
    snapshot::Snapshot,
};

/// Differences between two sets in parts, from the first to the second.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartsDiff {
    /// The first side.
    pub from: Side,
    /// The second side.
    pub to: Side,
    /// The services that were compared; all, where none is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Number of differences of each type.
    pub summary: PartsSummary,
    /// The parts that differ, by alias.
    pub parts: Vec<PartDiff>,
    /// Comparison of the evidence about the two, where asked for; no difference of the set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceDiff>,
}

/// Number of differences of each type, in all parts together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartsSummary {
    /// Parts that only the second side has.
    pub parts_added: usize,
    /// Parts that only the first side has.
    pub parts_removed: usize,
    /// Parts on both sides that differ.
    pub parts_changed: usize,
    /// The sum over all parts, added and removed ones included.
    #[serde(flatten)]
    pub sum: Summary,
}

/// Difference of one part.
#[derive(Clone, Debug, Serialize)]
pub struct PartDiff {
    /// The part's alias.
    pub part: PartName,
    /// Type of change; none where variables alone differ, which belong to the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Presence>,
    /// Digest of the part on the first side, where it has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Digest>,
    /// Digest of the part on the second side, where it has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Digest>,
    /// The differences; those of a part that one side lacks are from or to an empty set.
    pub diff: Diff,
}

impl PartsSummary {
    /// True if nothing differs.
    #[must_use]
    pub fn is_same(&self) -> bool {
        *self == Self::default()
    }
}

/// Compares two sets in parts, from the first to the second: all services, or some.
///
/// `names` are what the user called them.
#[must_use]
pub fn compare_parts(
    names: [&str; 2],
    before: &Several,
    after: &Several,
    services: &[String],
) -> PartsDiff {
    let aliases: BTreeSet<&PartName> = before.parts.names().chain(after.parts.names()).collect();
    let mut summary = PartsSummary::default();
    let mut parts = Vec::new();
    for part in aliases {
        let filter = ServiceFilter::of(of_part(services, part));
        if filter.is_none() && !services.is_empty() {
            continue;
        }
        let sides = [before.parts.get(part), after.parts.get(part)];
        let one = compare_part(names, part, sides, filter.as_ref());
        match one.change {
            Some(Presence::Added) => summary.parts_added += 1,
            Some(Presence::Removed) => summary.parts_removed += 1,
            Some(Presence::Changed) => summary.parts_changed += 1,
            None => {}
        }
        summary.sum.add(&one.diff.summary);
        if one.change.is_some() || !one.diff.variables.is_empty() {
            parts.push(one);
        }
    }
    let [from, to] =
        [(names[0], before), (names[1], after)].map(|(name, set)| side(name, set.digest()));
    PartsDiff { from, to, services: services.to_vec(), summary, parts, evidence: None }
}

fn compare_part(
    names: [&str; 2],
    part: &PartName,
    sides: [Option<&Snapshot>; 2],
    filter: Option<&ServiceFilter>,
) -> PartDiff {
    let empty = Snapshot::default();
    let labels = names.map(|name| format!("{name}, part {part}"));
    let labels = labels.each_ref().map(String::as_str);
    let [before, after] = sides.map(|side| side.unwrap_or(&empty));
    let diff = match filter {
        Some(filter) => compare_some(labels, before, after, filter),
        None => compare(labels, before, after),
    };
    let changed = !diff.summary.is_same();
    let change = match (sides, filter) {
        ([None, _], None) => Some(Presence::Added),
        ([_, None], None) => Some(Presence::Removed),
        // Of some services only those matter, not that there is the part.
        ([None, _], Some(_)) => changed.then_some(Presence::Added),
        ([_, None], Some(_)) => changed.then_some(Presence::Removed),
        ([Some(_), Some(_)], _) => changed.then_some(Presence::Changed),
    };
    let [before, after] = sides.map(|side| side.map(|one| one.spec.digest()));
    PartDiff { part: part.clone(), change, before, after, diff }
}

/// The services that are meant in a part: `tax` in each, `payments/tax` in one.
pub(super) fn of_part(services: &[String], part: &PartName) -> Vec<String> {
    let named = services.iter().filter_map(|service| match service.split_once('/') {
        Some((named, service)) => (named == part.as_ref()).then(|| service.to_owned()),
        None => Some(service.clone()),
    });
    named.collect()
}
