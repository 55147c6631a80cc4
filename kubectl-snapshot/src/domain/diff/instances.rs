//! Differences of workloads: images, environment, and every other field.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::{EnvDiff, ImageDiff, InstanceDiff, NamedContainer, Presence};
use crate::domain::{
    image,
    manifest::{Kind, Manifest, containers_mut, without_hash},
    snapshot::{Container, EnvValue, InstanceRef, Spec},
    tree::{self, FieldChange},
    version::{self, Order},
};

/// Workloads that differ, by service and instance.
///
/// A namespace has one workload of a kind and name, so those two tell what
/// belongs together, even where the label that names its service changed.
pub(super) fn compare(before: &Spec, after: &Spec) -> Vec<InstanceDiff> {
    let mut left: HashMap<(Kind, &str), InstanceRef<'_>> =
        before.instances().map(|one| (identity(one), one)).collect();
    let mut differences = Vec::new();
    for right in after.instances() {
        match left.remove(&identity(right)) {
            Some(left) => differences.extend(compare_pair((before, left), (after, right))),
            None => differences.push(one_sided(right, Presence::Added)),
        }
    }
    differences.extend(left.into_values().map(|left| one_sided(left, Presence::Removed)));
    differences.sort_by(|a, b| (&a.service, &a.instance).cmp(&(&b.service, &b.instance)));
    differences
}

fn identity(one: InstanceRef<'_>) -> (Kind, &str) {
    (one.instance.kind, one.workload())
}

fn named(one: InstanceRef<'_>, change: Presence) -> InstanceDiff {
    InstanceDiff {
        service: one.service.to_owned(),
        instance: one.name.to_owned(),
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
            });
        }
        compare_env(name, &container.env, &other.env, &mut diff.environment);
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
        if let (Some(left), Some(right)) = (tree(before), tree(after)) {
            diff.fields = compare_fields(left, right, &diff);
        }
    }
    let same = diff.images.is_empty()
        && diff.environment.is_empty()
        && diff.containers_added.is_empty()
        && diff.containers_removed.is_empty()
        && diff.fields.is_empty();
    (!same).then_some(diff)
}

fn without_env(container: &Container) -> Container {
    Container { env: BTreeMap::new(), ..container.clone() }
}

fn compare_env(
    container: &str,
    before: &BTreeMap<String, EnvValue>,
    after: &BTreeMap<String, EnvValue>,
    out: &mut Vec<EnvDiff>,
) {
    let mut names: Vec<&String> =
        before.keys().chain(after.keys().filter(|name| !before.contains_key(*name))).collect();
    names.sort();
    for name in names {
        let (left, right) = (before.get(name), after.get(name));
        // A variable belongs to the place, on whichever side it is known as one.
        let variable = [left, right]
            .into_iter()
            .flatten()
            .any(|value| matches!(value, EnvValue::Variable { .. }));
        if left != right && !variable && !same_reference(left, right) {
            out.push(EnvDiff {
                container: container.to_owned(),
                name: name.clone(),
                before: left.cloned(),
                after: right.cloned(),
            });
        }
    }
}

/// Whether two references differ only in the hash that kustomize appends.
fn same_reference(left: Option<&EnvValue>, right: Option<&EnvValue>) -> bool {
    let (Some(EnvValue::Reference(left)), Some(EnvValue::Reference(right))) = (left, right) else {
        return false;
    };
    stable_names(left.clone()) == stable_names(right.clone())
}

/// Every field that images, environment and containers do not already speak of.
fn compare_fields(mut before: Value, mut after: Value, diff: &InstanceDiff) -> Vec<FieldChange> {
    for tree in [&mut before, &mut after] {
        for container in containers_mut(diff.kind, tree) {
            container.remove("image");
            container.remove("env");
        }
        remove_one_sided(tree, diff);
    }
    tree::compare(&stable_names(before), &stable_names(after))
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

/// The tree with the names of ConfigMaps without kustomize's hash.
fn stable_names(mut tree: Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    if matches!(key.as_str(), "configMap" | "configMapRef" | "configMapKeyRef")
                        && let Some(Value::String(name)) = member.get_mut("name")
                    {
                        *name = without_hash(name).to_owned();
                    }
                    walk(member);
                }
            }
            Value::Array(elements) => elements.iter_mut().for_each(walk),
            _ => {}
        }
    }
    walk(&mut tree);
    tree
}
