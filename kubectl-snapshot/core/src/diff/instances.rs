//! Differences of workloads: images, environment, and every other field.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use super::{
    EnvDiff, ImageDiff, InstanceDiff, NamedContainer, Presence, pairs::Pair, references::References,
};
use crate::{
    image,
    manifest::{Kind, Manifest, containers_mut, images_mut},
    snapshot::{Container, EnvValue, Instance, InstanceRef, Spec},
    tree::{self, FieldChange},
    version::{self, Order},
};

/// Workloads that differ, by service and instance.
///
/// A namespace has one workload of a kind and name, so those two tell what
/// belongs together, even where the label that names its service changed.
pub(super) fn compare(before: &Spec, after: &Spec, config_maps: &[Pair<'_>]) -> Vec<InstanceDiff> {
    let references = References::new(config_maps);
    let mut left: HashMap<(Kind, &str), InstanceRef<'_>> =
        before.instances().map(|one| (identity(one), one)).collect();
    let mut differences = Vec::new();
    for right in after.instances() {
        match left.remove(&identity(right)) {
            Some(left) => {
                differences.extend(compare_pair((before, left), (after, right), &references));
            }
            None => differences.push(one_sided(right, Presence::Added)),
        }
    }
    differences.extend(left.into_values().map(|left| one_sided(left, Presence::Removed)));
    sort(&mut differences);
    differences
}

/// Sorts by service and instance.
pub(super) fn sort(differences: &mut [InstanceDiff]) {
    differences.sort_by(|a, b| (&a.service, &a.instance).cmp(&(&b.service, &b.instance)));
}

pub(super) fn identity(one: InstanceRef<'_>) -> (Kind, &str) {
    (one.instance.kind, one.workload())
}

pub(super) fn named(one: InstanceRef<'_>, change: Presence) -> InstanceDiff {
    InstanceDiff {
        service: one.service.to_owned(),
        instance: one.name.clone(),
        kind: one.instance.kind,
        change,
        images: Vec::new(),
        environment: Vec::new(),
        containers_added: Vec::new(),
        containers_removed: Vec::new(),
        fields: Vec::new(),
    }
}

fn one_sided(one: InstanceRef<'_>, change: Presence) -> InstanceDiff {
    let containers = one
        .instance
        .containers
        .iter()
        .map(|(name, container)| named_container(name, container))
        .collect();
    let (added, removed) = match change {
        Presence::Added => (containers, Vec::new()),
        _ => (Vec::new(), containers),
    };
    InstanceDiff { containers_added: added, containers_removed: removed, ..named(one, change) }
}

fn named_container(name: &str, container: &Container) -> NamedContainer {
    NamedContainer { name: name.to_owned(), image: image::written(container) }
}

fn compare_pair(
    before: (&Spec, InstanceRef<'_>),
    after: (&Spec, InstanceRef<'_>),
    references: &References<'_>,
) -> Option<InstanceDiff> {
    let (left, right) = (before.1.instance, after.1.instance);
    let mut diff = named(after.1, Presence::Changed);
    for (name, container) in &left.containers {
        let Some(other) = right.containers.get(name) else {
            diff.containers_removed.push(named_container(name, container));
            continue;
        };
        if !image::same(container, other) {
            let order = match version::compare(container, other) {
                // Another repository or digest under one number: no order can be told.
                Order::Same => Order::Unknown,
                order => order,
            };
            diff.images.push(ImageDiff {
                container: name.clone(),
                before: without_env(container),
                after: without_env(other),
                order,
                ahead: None,
                behind: None,
                gap: None,
            });
        }
        diff.environment.extend(compare_env(name, [&container.env, &other.env], references));
    }
    for (name, container) in
        right.containers.iter().filter(|(name, _)| !left.containers.contains_key(*name))
    {
        diff.containers_added.push(named_container(name, container));
    }
    if left.manifest != right.manifest {
        let tree = |(spec, one): (&Spec, InstanceRef<'_>)| {
            spec.objects.get(&one.instance.manifest).map(Manifest::tree)
        };
        if let (Some(left_tree), Some(right_tree)) = (tree(before), tree(after)) {
            let trees = [left_tree, right_tree].map(|tree| references.stable(tree));
            diff.fields = compare_fields(trees, [left, right], &diff);
        }
    }
    let same = diff.images.is_empty()
        && diff.environment.is_empty()
        && diff.containers_added.is_empty()
        && diff.containers_removed.is_empty()
        && diff.fields.is_empty();
    (!same).then_some(diff)
}

pub(super) fn without_env(container: &Container) -> Container {
    Container { env: BTreeMap::new(), ..container.clone() }
}

fn compare_env(
    container: &str,
    [before, after]: [&BTreeMap<String, EnvValue>; 2],
    references: &References<'_>,
) -> Vec<EnvDiff> {
    let mut names: Vec<&String> =
        before.keys().chain(after.keys().filter(|name| !before.contains_key(*name))).collect();
    names.sort();
    names
        .into_iter()
        .filter(|name| match (before.get(*name), after.get(*name)) {
            // What a variable holds belongs to the place, on whichever side it is known as one.
            (Some(EnvValue::Variable { .. }), Some(_))
            | (Some(_), Some(EnvValue::Variable { .. })) => false,
            (Some(EnvValue::Reference(left)), Some(EnvValue::Reference(right))) => {
                !references.same(left, right)
            }
            (left, right) => left != right,
        })
        .map(|name| EnvDiff {
            container: container.to_owned(),
            name: name.clone(),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        })
        .collect()
}

/// Every field that images, environment and containers do not already speak of.
fn compare_fields(
    mut trees: [Value; 2],
    instances: [&Instance; 2],
    diff: &InstanceDiff,
) -> Vec<FieldChange> {
    let [before, after] = &mut trees;
    forget_implied_pull_policies(diff.kind, before, after);
    for tree in &mut trees {
        for container in containers_mut(diff.kind, tree) {
            container.remove("image");
            keep_order_of_env(container, instances);
        }
        remove_one_sided(tree, diff);
    }
    tree::compare(&trees[0], &trees[1])
}

/// A policy that one side spells out and the other's image implies is no difference.
fn forget_implied_pull_policies(kind: Kind, before: &mut Value, after: &mut Value) {
    let mut others = images_mut(kind, after);
    for (key, mut image) in images_mut(kind, before) {
        let Some(other) = others.get_mut(&key) else { continue };
        let same = match (image.policy(), other.policy()) {
            (Some(policy), None) => policy == other.implied_policy(),
            (None, Some(policy)) => policy == image.implied_policy(),
            _ => false,
        };
        if same {
            image.set_policy(None);
            other.set_policy(None);
        }
    }
}

/// Leaves of the environment the names that both sides have: a variable may
/// refer to those before it, so their order is a field like others.
fn keep_order_of_env(container: &mut Map<String, Value>, instances: [&Instance; 2]) {
    let Some(Value::Array(entries)) = container.remove("env") else { return };
    let own_name = container.get("name").and_then(Value::as_str).unwrap_or_default();
    let shared = |entry: &str| {
        instances
            .iter()
            .all(|one| one.containers.get(own_name).is_some_and(|own| own.env.contains_key(entry)))
    };
    let names =
        entries.iter().filter_map(|entry| entry.get("name")?.as_str()).filter(|name| shared(name));
    let names: Vec<Value> = names.map(|name| json!({ "name": name })).collect();
    if !names.is_empty() {
        container.insert("env".into(), names.into());
    }
}

fn remove_one_sided(tree: &mut Value, diff: &InstanceDiff) {
    let Some(pod) =
        diff.kind.template_path().and_then(|path| tree.pointer_mut(path)?.get_mut("spec"))
    else {
        return;
    };
    for list in ["containers", "initContainers"] {
        if let Some(Value::Array(containers)) = pod.get_mut(list) {
            containers.retain(|container| {
                let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
                !diff
                    .containers_added
                    .iter()
                    .chain(&diff.containers_removed)
                    .any(|one| one.name == name)
            });
            if containers.is_empty()
                && let Some(pod) = pod.as_object_mut()
            {
                pod.remove(list);
            }
        }
    }
}
