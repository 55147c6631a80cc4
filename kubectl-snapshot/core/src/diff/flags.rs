//! Differences of flags and requirements.

use std::collections::{BTreeMap, BTreeSet};

use super::{FlagDiff, Presence, RequirementDiff};
use crate::{
    flag::Flag,
    flags::{has_hidden_words, serve_alike},
    manifest::Kind,
    requirement::Requirement,
    snapshot::Spec,
};

/// Flags that differ. Where one was read is no difference: the value is.
pub(super) fn compare(
    before: &BTreeMap<String, Flag>,
    after: &BTreeMap<String, Flag>,
) -> Vec<FlagDiff> {
    let mut keys: Vec<&String> =
        before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))).collect();
    keys.sort();
    keys.into_iter()
        .filter_map(|key| {
            let (left, right) = (before.get(key), after.get(key));
            let change = match (left, right) {
                (Some(left), Some(right)) if same(left, right) => return None,
                (Some(_), Some(_)) => Presence::Changed,
                (Some(_), None) => Presence::Removed,
                (None, _) => Presence::Added,
            };
            Some(FlagDiff {
                key: key.clone(),
                change,
                before: left.cloned(),
                after: right.cloned(),
            })
        })
        .collect()
}

/// Requirements are compared apart, and the source is a place.
fn same(left: &Flag, right: &Flag) -> bool {
    serve_alike(left, right) && left.service == right.service
}

/// Requirements that only one side has, of flags and of instances.
pub(super) fn compare_requirements(before: &Spec, after: &Spec) -> Vec<RequirementDiff> {
    let hidden = |spec: &Spec, other: &Spec| {
        let of_flag = |flag: &String| other.flags.get(flag).is_some_and(has_hidden_words);
        let keys = spec.flags.keys().filter(|key| of_flag(key)).cloned();
        keys.collect::<BTreeSet<String>>()
    };
    let unseen = (hidden(before, after), hidden(after, before));
    let (before, after) = (requirements(before, &unseen.0), requirements(after, &unseen.1));
    let one_sided = |from: &Requirements<'_>, other: &Requirements<'_>, added| {
        let only_here = from.iter().filter(|(identity, _)| !other.contains_key(*identity));
        only_here
            .map(|((_, requirement), dependent)| RequirementDiff {
                dependent: dependent.clone(),
                requirement: requirement.clone(),
                added,
            })
            .collect::<Vec<_>>()
    };
    let mut differences = one_sided(&before, &after, false);
    differences.extend(one_sided(&after, &before, true));
    differences.sort();
    differences
}

/// Owner of a requirement: a workload, whatever it is listed under, or a flag.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Dependent<'a> {
    Workload(Kind, &'a str),
    Flag(&'a str),
}

/// Requirements as written, with the name of what has them.
type Requirements<'a> = BTreeMap<(Dependent<'a>, String), String>;

/// Requirements of a set, without those of flags that the other side has not seen the words of.
fn requirements<'a>(spec: &'a Spec, unseen: &BTreeSet<String>) -> Requirements<'a> {
    let seen = spec.flags.iter().filter(|(key, _)| !unseen.contains(*key));
    let of_flags = seen.flat_map(|(key, flag)| {
        let identity =
            move |requirement: &Requirement| (Dependent::Flag(key), requirement.to_string());
        flag.requires.iter().map(move |requirement| (identity(requirement), format!("flag {key}")))
    });
    let of_instances = spec.instances().flat_map(|one| {
        let dependent = move || Dependent::Workload(one.instance.kind, one.workload());
        one.instance
            .requires
            .iter()
            .map(move |requirement| ((dependent(), requirement.to_string()), one.key()))
    });
    of_flags.chain(of_instances).collect()
}
