//! Differences of Services, ServiceAccounts and flag resources: of all but workloads and routes.

use super::{ObjectDiff, Presence, contents::CONTENTS, index::Index, pairs::Pair};
use crate::{
    manifest::{Kind, Manifest, forget_secret_hashes, refers_to_secrets},
    tree,
};

/// Compares all objects except the contents of ConfigMaps.
pub(super) fn compare(
    before: &Index<'_>,
    after: &Index<'_>,
    config_maps: &[Pair<'_>],
) -> Vec<ObjectDiff> {
    let mut names: Vec<&(Kind, String)> =
        before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))).collect();
    names.sort();
    let of_others = names.into_iter().filter(|(kind, _)| is_other(*kind)).filter_map(|key| {
        let (change, fields) = match (before.get(key), after.get(key)) {
            (Some(left), Some(right)) if left == right => return None,
            (Some(left), Some(right)) => {
                let mut trees = [left.tree(), right.tree()];
                if refers_to_secrets(key.0) {
                    trees.iter_mut().for_each(forget_secret_hashes);
                }
                if trees[0] == trees[1] {
                    return None;
                }
                (Presence::Changed, tree::compare(&trees[0], &trees[1]))
            }
            (Some(_), None) => (Presence::Removed, Vec::new()),
            (None, _) => (Presence::Added, Vec::new()),
        };
        Some(ObjectDiff { kind: key.0, name: key.1.clone(), change, fields })
    });
    let mut differences = config_map_metadata(config_maps);
    differences.extend(of_others);
    differences
}

fn is_other(kind: Kind) -> bool {
    kind != Kind::ConfigMap && !kind.is_of_routes()
}

/// Labels, annotations and `immutable` of ConfigMaps that both sides have.
fn config_map_metadata(pairs: &[Pair<'_>]) -> Vec<ObjectDiff> {
    let without_contents = |manifest: &Manifest, name: &str| {
        let mut tree = manifest.tree();
        if let Some(members) = tree.as_object_mut() {
            members.retain(|member, _| !CONTENTS.contains(&member.as_str()));
        }
        tree["metadata"]["name"] = name.into();
        tree
    };
    pairs
        .iter()
        .filter_map(|pair| Some((pair.label, pair.before?.1, pair.after?.1)))
        .filter(|(_, left, right)| left != right)
        .filter_map(|(name, left, right)| {
            let fields =
                tree::compare(&without_contents(left, name), &without_contents(right, name));
            let diff = ObjectDiff {
                kind: Kind::ConfigMap,
                name: name.to_owned(),
                change: Presence::Changed,
                fields,
            };
            (!diff.fields.is_empty()).then_some(diff)
        })
        .collect()
}
