//! Units of two sets, in an order in which needs come first.

use std::collections::{BTreeMap, BTreeSet};

use super::{Mix, Needs, Unit, naming::title, suspicion::suspicion};
use crate::{
    ancestry::Ancestry,
    compose::{Difference, Mixing},
    requirement::{Fulfilment, Resolved, Subject, resolve_against},
    snapshot::{Snapshot, Spec},
};

/// The units of two sets.
#[derive(Clone, Debug)]
pub struct Units {
    /// The units, each after those that it needs.
    pub units: Vec<Unit>,
    /// Needs among them.
    pub needs: Needs,
}

impl Units {
    /// The units of two sets. What needs each other is one; of the others the most suspicious
    /// come first.
    #[must_use]
    pub fn of(mixing: &Mixing, ancestry: &Ancestry) -> Self {
        let all: Vec<&Difference> = mixing.differences().iter().collect();
        let place: BTreeMap<&Difference, usize> =
            all.iter().enumerate().map(|(place, one)| (*one, place)).collect();
        let mut needs = vec![BTreeSet::new(); all.len()];
        for (dependent, need) in needed(mixing, ancestry) {
            if let (Some(dependent), Some(need)) = (place.get(&dependent), place.get(&need)) {
                needs[*dependent].insert(*need);
            }
        }
        let reached: Vec<BTreeSet<usize>> = (0..all.len()).map(|one| reach(&needs, one)).collect();
        let mut groups: Vec<BTreeSet<usize>> = Vec::new();
        for one in 0..all.len() {
            let mutual = |other: &usize| {
                *other == one || (reached[one].contains(other) && reached[*other].contains(&one))
            };
            let group: BTreeSet<usize> = (0..all.len()).filter(mutual).collect();
            if group.first() == Some(&one) {
                groups.push(group);
            }
        }
        let unit = |group: &BTreeSet<usize>| {
            let differences: BTreeSet<Difference> =
                group.iter().map(|one| all[*one].clone()).collect();
            let ends = mixing.ends();
            let suspicion = differences.iter().map(|one| suspicion(one, ends)).sum();
            Unit { title: title(&differences, ends), differences, suspicion }
        };
        let found: Vec<Unit> = groups.iter().map(unit).collect();
        ordered(&found, &groups, &reached)
    }

    /// The differences of a mix.
    #[must_use]
    pub fn differences(&self, mix: &Mix) -> BTreeSet<Difference> {
        mix.units().flat_map(|unit| self.units[unit].differences.iter().cloned()).collect()
    }
}

/// All that something needs, directly or not.
fn reach(needs: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut ahead: Vec<usize> = needs[from].iter().copied().collect();
    while let Some(one) = ahead.pop() {
        if reached.insert(one) {
            ahead.extend(&needs[one]);
        }
    }
    reached
}

/// Puts units in order: of those whose needs are there already, the most suspicious first.
fn ordered(units: &[Unit], groups: &[BTreeSet<usize>], reached: &[BTreeSet<usize>]) -> Units {
    let group_of = |one: &usize| groups.iter().position(|group| group.contains(one));
    let needs: Vec<BTreeSet<usize>> = groups
        .iter()
        .enumerate()
        .map(|(own, group)| {
            let all = group.iter().flat_map(|one| &reached[*one]);
            all.filter_map(group_of).filter(|other| *other != own).collect()
        })
        .collect();
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut order = Vec::new();
    while order.len() < units.len() {
        let ready = (0..units.len()).filter(|one| {
            !places.contains_key(one) && needs[*one].iter().all(|need| places.contains_key(need))
        });
        let by_suspicion = |one: &usize, other: &usize| {
            units[*one].suspicion.total_cmp(&units[*other].suspicion).then(other.cmp(one))
        };
        let Some(next) = ready.max_by(by_suspicion) else { break };
        places.insert(next, order.len());
        order.push(next);
    }
    let of_one = |one: &usize| needs[*one].iter().map(|need| places[need]).collect();
    Units {
        needs: Needs::new(order.iter().map(of_one).collect()),
        units: order.iter().map(|one| units[*one].clone()).collect(),
    }
}

/// Pairs of differences of which the first cannot be applied without the second.
fn needed(mixing: &Mixing, ancestry: &Ancestry) -> Vec<(Difference, Difference)> {
    let [good, bad] = mixing.ends();
    let of = |dependents: &Snapshot, present: &Snapshot| {
        resolve_against(&dependents.spec, &present.spec, ancestry)
    };
    let mut pairs = Vec::new();
    // What BAD has needs what GOOD lacks.
    for broken in broken(of(bad, good), &of(bad, bad)) {
        let subjects = [(&broken.dependent, &bad.spec), (&broken.dependency, &bad.spec)];
        pairs.extend(both(subjects));
    }
    // What GOOD has needs what BAD takes away: that has to wait for it.
    for broken in broken(of(good, bad), &of(good, good)) {
        let subjects = [(&broken.dependency, &good.spec), (&broken.dependent, &good.spec)];
        pairs.extend(both(subjects));
    }
    for difference in mixing.differences() {
        let Difference::Object(kind, name) = difference else { continue };
        let owners = mixing.owners(*kind, name).into_iter().map(Difference::Service);
        match mixing.has(*kind, name) {
            [false, true] => pairs.extend(owners.map(|owner| (owner, difference.clone()))),
            [true, false] => pairs.extend(owners.map(|owner| (difference.clone(), owner))),
            _ => {}
        }
    }
    pairs
}

/// Requirements that do not hold in a mixture, and do hold where both are of one set.
fn broken(mixed: Vec<Resolved>, own: &[Resolved]) -> impl Iterator<Item = Resolved> + '_ {
    mixed.into_iter().zip(own).filter_map(|(mixed, own)| {
        let breaks = mixed.active
            && mixed.state == Fulfilment::Unmet
            && own.state != Fulfilment::Unmet
            && mixed.dependent == own.dependent;
        breaks.then_some(mixed)
    })
}

fn both(subjects: [(&Subject, &Spec); 2]) -> Option<(Difference, Difference)> {
    let [one, other] = subjects.map(|(subject, spec)| difference_of(subject, spec));
    Some((one?, other?)).filter(|(one, other)| one != other)
}

/// The difference that a subject would be part of: of a flag that a workload's environment defines
/// it is the workload's service.
fn difference_of(subject: &Subject, spec: &Spec) -> Option<Difference> {
    let service = |name: &str| Difference::Service(name.to_owned());
    match subject {
        Subject::Service(name) => Some(service(name)),
        Subject::Instance(key) => key.split('/').next().map(service),
        Subject::Flag(key) => {
            let origin = spec.flags.get(key).map(|flag| flag.source.as_str()).unwrap_or_default();
            match origin.strip_prefix("env:").and_then(|origin| origin.split('/').next()) {
                Some(owner) => Some(service(owner)),
                None => Some(Difference::Flag(key.clone())),
            }
        }
    }
}
