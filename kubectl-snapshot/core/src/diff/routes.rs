//! Differences of routes: the shares of their rules, and every field.

use std::collections::{BTreeMap, BTreeSet};

use super::{Presence, RouteDiff, SharesDiff, index::Index};
use crate::{
    manifest::{Kind, Manifest},
    routes::{self, Route, Rule},
    snapshot::Snapshot,
    tree,
};

/// Routes that differ, or whose requests go to others.
pub(super) fn compare(sets: [&Snapshot; 2], objects: [&Index<'_>; 2]) -> Vec<RouteDiff> {
    let is_of_routes = |key: &&(Kind, String)| key.0.is_of_routes();
    let keys: BTreeSet<&(Kind, String)> =
        objects.into_iter().flat_map(|side| side.keys().filter(is_of_routes)).collect();
    if keys.is_empty() {
        return Vec::new();
    }
    let read = sets.map(|set| {
        let routes = routes::of(&set.spec).into_iter();
        routes.map(|route| ((route.kind, route.name.clone()), route)).collect::<BTreeMap<_, _>>()
    });
    let differs = keys.into_iter().filter_map(|key| {
        let [before, after] = objects.map(|side| side.get(key).copied());
        let shares = shares([read[0].get(key), read[1].get(key)]);
        if before == after && shares.is_empty() {
            return None;
        }
        let change = match (before, after) {
            (None, _) => Presence::Added,
            (_, None) => Presence::Removed,
            _ => Presence::Changed,
        };
        let fields = before.zip(after).map(fields).unwrap_or_default();
        Some(RouteDiff { kind: key.0, name: key.1.clone(), change, shares, fields })
    });
    differs.collect()
}

impl RouteDiff {
    /// True if the object differs, and not only who is behind it: that differs elsewhere.
    #[must_use]
    pub fn is_of_itself(&self) -> bool {
        self.change != Presence::Changed || !self.fields.is_empty()
    }
}

fn fields((before, after): (&Manifest, &Manifest)) -> Vec<tree::FieldChange> {
    tree::compare_by_place(&before.tree(), &after.tree())
}

/// The rules whose shares differ. Rules of one condition are told apart by their order.
fn shares(sides: [Option<&Route>; 2]) -> Vec<SharesDiff> {
    let [before, after] = sides.map(rules);
    let keys = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)));
    let differs = keys.filter_map(|key| {
        let [before, after] = [before.get(key).copied(), after.get(key).copied()];
        if before.map(Rule::without_versions) == after.map(Rule::without_versions) {
            return None;
        }
        let [before, after] = [before.cloned(), after.cloned()];
        Some(SharesDiff { requests: key.0.to_owned(), before, after })
    });
    differs.collect()
}

fn rules(route: Option<&Route>) -> BTreeMap<(&str, usize), &Rule> {
    let mut rules = BTreeMap::new();
    for rule in route.into_iter().flat_map(|route| &route.rules) {
        let requests = rule.requests.as_str();
        let before = rules.keys().filter(|(other, _)| *other == requests).count();
        rules.insert((requests, before), rule);
    }
    rules
}
