//! Differences of flags and requirements.

use std::collections::BTreeMap;

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

/// Requirements are compared apart, and the source is a place. Whose a flag is stands beside them,
/// and may not have been to be seen.
fn same(left: &Flag, right: &Flag) -> bool {
    serve_alike(left, right)
        && (left.service == right.service || [left, right].into_iter().any(has_hidden_words))
}

/// Requirements that only one side has, of flags and of instances. One that the other side could
/// not see is no difference.
pub(super) fn compare_requirements(before: &Spec, after: &Spec) -> Vec<RequirementDiff> {
    let mut differences = one_sided(before, after, false);
    differences.extend(one_sided(after, before, true));
    differences.sort();
    differences
}

fn one_sided(from: &Spec, other: &Spec, added: bool) -> Vec<RequirementDiff> {
    let known = requirements(other);
    let is_hidden = |dependent: &Dependent<'_>| match dependent {
        Dependent::Flag(key) => other.flags.get(*key).is_some_and(has_hidden_words),
        Dependent::Workload(..) => false,
    };
    requirements(from)
        .into_iter()
        .filter(|(identity, _)| !known.contains_key(identity) && !is_hidden(&identity.0))
        .map(|((_, requirement), dependent)| RequirementDiff { dependent, requirement, added })
        .collect()
}

/// Owner of a requirement: a workload, whatever it is listed under, or a flag.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Dependent<'a> {
    Workload(Kind, &'a str),
    Flag(&'a str),
}

/// Requirements as written, with the name of what has them.
type Requirements<'a> = BTreeMap<(Dependent<'a>, String), String>;

fn requirements(spec: &Spec) -> Requirements<'_> {
    let of_flags = spec.flags.iter().flat_map(|(key, flag)| {
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
