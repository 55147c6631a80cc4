//! Pairing of the ConfigMaps of two sets, across generated name suffixes.

use std::collections::{BTreeMap, BTreeSet};

use super::index::Index;
use crate::{
    manifest::{Kind, Manifest, without_hash},
    snapshot::Spec,
};

/// One ConfigMap on both sides, or on one of them.
#[derive(Debug, PartialEq)]
pub(super) struct Pair<'a> {
    /// Display name, without the generated hash where that is unambiguous.
    pub(super) label: &'a str,
    /// Name and manifest on the first side.
    pub(super) before: Option<NamedManifest<'a>>,
    /// Name and manifest on the second side.
    pub(super) after: Option<NamedManifest<'a>>,
}

type NamedManifest<'a> = (&'a str, &'a Manifest);

/// ConfigMaps by name, all of them called the same but for the hash.
type Group<'a> = BTreeMap<&'a str, &'a Manifest>;

/// The ConfigMaps of two sets, each beside its counterpart.
///
/// kustomize renames a ConfigMap on each change, and those it was before stay
/// in the namespace. So two that are called the same but for the hash go
/// together if each is the only one that workloads name, or the only one left,
/// unless both are on both sides: then it is the workloads that changed.
pub(super) fn pair<'a>(sets: [&'a Spec; 2], indexes: [&'a Index<'_>; 2]) -> Vec<Pair<'a>> {
    let used = sets.map(|spec| {
        spec.instances()
            .flat_map(|one| one.instance.configs.keys())
            .map(String::as_str)
            .collect::<BTreeSet<_>>()
    });
    let mut groups: BTreeMap<&str, [Group<'_>; 2]> = BTreeMap::new();
    for (side, index) in indexes.into_iter().enumerate() {
        for ((_, name), manifest) in index.iter().filter(|((kind, _), _)| *kind == Kind::ConfigMap)
        {
            groups.entry(without_hash(name)).or_default()[side].insert(name, manifest);
        }
    }
    groups.into_iter().flat_map(|(name, group)| pair_group(name, group, &used)).collect()
}

fn pair_group<'a>(
    stable: &'a str,
    [mut left, mut right]: [Group<'a>; 2],
    used: &[BTreeSet<&str>; 2],
) -> Vec<Pair<'a>> {
    let all = [left.clone(), right.clone()];
    let mut both = Vec::new();
    let mut in_use =
        [0, 1].map(|side| all[side].iter().filter(move |(name, _)| used[side].contains(*name)));
    if let [(Some((before, _)), None), (Some((after, _)), None)] =
        in_use.each_mut().map(|names| (names.next(), names.next()))
        && !(all[0].contains_key(after) && all[1].contains_key(before))
    {
        both.push((*before, *after));
    }
    both.extend(all[0].keys().filter(|name| all[1].contains_key(*name)).map(|name| (*name, *name)));
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    for (before, after) in both {
        if left.contains_key(before) && right.contains_key(after) {
            let named = |group: &mut Group<'a>, name| group.remove_entry(name);
            pairs.push(Pair {
                label: after,
                before: named(&mut left, before),
                after: named(&mut right, after),
            });
        }
    }
    if left.len() == 1 && right.len() == 1 {
        let after = right.pop_first();
        pairs.push(Pair {
            label: after.map_or(stable, |(name, _)| name),
            before: left.pop_first(),
            after,
        });
    }
    // What stands on the other side just so is neither new nor gone.
    left.retain(|name, manifest| all[1].get(name) != Some(manifest));
    right.retain(|name, manifest| all[0].get(name) != Some(manifest));
    if let [one] = pairs.as_mut_slice()
        && !left.contains_key(stable)
        && !right.contains_key(stable)
    {
        one.label = stable;
    }
    let alone = pairs.is_empty() && left.len() + right.len() == 1;
    let label = |name| if alone { stable } else { name };
    pairs.extend(left.into_iter().map(|one| Pair {
        label: label(one.0),
        before: Some(one),
        after: None,
    }));
    pairs.extend(right.into_iter().map(|one| Pair {
        label: label(one.0),
        before: None,
        after: Some(one),
    }));
    pairs
}

#[cfg(test)]
mod tests {
    use crate::{
        assembly::test_support,
        diff::{Diff, Presence, compare},
    };
    use serde_json::Value;

    const OLD: &str = "shop-config-2222222222";
    const NEW: &str = "shop-config-fhm9f7tdt5";
    const NEWER: &str = "shop-config-4444444444";

    /// The cart with the ConfigMap it names, beside ConfigMaps that are there, too.
    fn shop(uses: &str, config_maps: &[(&str, &str)]) -> Vec<Value> {
        let mut cart = test_support::cart("shop/cart:2.0.0");
        let pod = &mut cart["spec"]["template"]["spec"];
        pod["containers"][0]["env"][2]["valueFrom"]["configMapKeyRef"]["name"] = uses.into();
        pod["volumes"] = serde_json::json!([{"name": "config", "configMap": {"name": uses}}]);
        std::iter::once(cart)
            .chain(config_maps.iter().map(|(name, log)| test_support::config_map(name, log)))
            .collect()
    }

    fn between(before: &[Value], after: &[Value]) -> Diff {
        compare(
            ["before", "after"],
            &test_support::snapshot(before),
            &test_support::snapshot(after),
        )
    }

    fn config_maps(diff: &Diff) -> Vec<(&str, Presence)> {
        diff.config_maps.iter().map(|one| (one.name.as_str(), one.change)).collect()
    }

    #[test]
    fn a_new_hash_is_a_change_of_one_config_map_and_of_no_workload() {
        let found = between(&shop(OLD, &[(OLD, "info")]), &shop(NEW, &[(NEW, "debug")]));
        assert_eq!(config_maps(&found), [("shop-config", Presence::Changed)]);
        assert_eq!(found.config_maps[0].keys[0].key, "log");
        assert!(found.instances.is_empty() && found.objects.is_empty(), "{found:?}");
        let plain = between(
            &shop("shop-config", &[("shop-config", "info")]),
            &shop(NEW, &[(NEW, "debug")]),
        );
        assert_eq!(
            (config_maps(&plain), plain.instances.len()),
            (vec![("shop-config", Presence::Changed)], 0)
        );
    }

    #[test]
    fn those_of_earlier_releases_are_in_nobodys_way() {
        let live = shop(NEW, &[(OLD, "info"), (NEW, "debug")]);
        assert_eq!(
            config_maps(&between(&live, &shop(NEW, &[(NEW, "debug")]))),
            [(OLD, Presence::Removed)]
        );
        let next = between(&live, &shop(NEWER, &[(NEWER, "warn")]));
        assert_eq!(
            config_maps(&next),
            [("shop-config", Presence::Changed), (OLD, Presence::Removed)]
        );
        assert!(next.instances.is_empty(), "{next:?}");
        // Back to a release whose ConfigMap is still there.
        let back = between(&live, &shop(OLD, &[(OLD, "info")]));
        assert_eq!(config_maps(&back), [("shop-config", Presence::Changed)]);
        assert_eq!(back.config_maps[0].keys[0].before, Some("debug".into()));
    }

    #[test]
    fn a_workload_that_names_another_of_them_has_changed() {
        let both = [(OLD, "info"), (NEW, "debug")];
        let mut before = shop(OLD, &both);
        let mut tax = test_support::deployment("tax", "shop/tax:1.4.1", &serde_json::json!([]));
        tax["spec"]["template"]["spec"]["volumes"] =
            serde_json::json!([{"name": "config", "configMap": {"name": NEW}}]);
        before.push(tax);
        let mut after = before.clone();
        after[0] = shop(NEW, &[])[0].clone();
        let found = between(&before, &after);
        assert_eq!(config_maps(&found), []);
        assert_eq!(found.instances[0].environment[0].name, "LOG_LEVEL");
        assert_eq!(
            found.instances[0].fields[0].path,
            "spec.template.spec.volumes[config].configMap.name"
        );
    }

    #[test]
    fn one_that_is_gone_or_new_is_called_by_its_stable_name() {
        let none = shop(OLD, &[]);
        assert_eq!(
            config_maps(&between(&none, &shop(OLD, &[(OLD, "info")]))),
            [("shop-config", Presence::Added)]
        );
        let two = shop(OLD, &[(OLD, "info"), (NEW, "info")]);
        assert_eq!(
            config_maps(&between(&two, &none)),
            [(OLD, Presence::Removed), (NEW, Presence::Removed)]
        );
    }

    #[test]
    fn marks_of_a_renamed_config_map_are_compared() {
        let mut after = shop(NEW, &[(NEW, "info")]);
        after[1]["metadata"]["labels"] = serde_json::json!({"team": "cart"});
        let found = between(&shop(OLD, &[(OLD, "info")]), &after);
        assert_eq!(config_maps(&found), []);
        assert_eq!(
            (found.objects[0].name.as_str(), found.objects[0].fields[0].path.as_str()),
            ("shop-config", "metadata.labels")
        );
    }
}
