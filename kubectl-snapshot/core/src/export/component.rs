//! Kustomize component of a set: its images, and patches for what else is of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{image_of, literal};
use crate::{
    image::ImageReference,
    manifest::{Kind, containers_mut},
    pin::Pin,
    snapshot::{Container, EnvValue, InstanceRef, Spec},
};

/// A kustomize component: what makes a team's own manifests run a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Entries of `images:`.
    pub images: Vec<Value>,
    /// Strategic merge patches, an object each.
    pub patches: Vec<Value>,
    /// Variables that have no value here, and stay as the manifests have them.
    pub left_open: BTreeSet<String>,
}

/// The component of a set. Variables take the values chosen; those without one stay as they are.
///
/// An image that two containers have at different versions is in their patches: kustomize knows
/// images by their names alone.
#[must_use]
pub fn component(spec: &Spec, chosen: &BTreeMap<String, String>, pin: Pin) -> Component {
    let mut versions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for container in spec.instances().flat_map(|one| one.instance.containers.values()) {
        versions.entry(&container.image).or_default().insert(image_of(container, pin));
    }
    let is_one = |container: &Container| versions[container.image.as_str()].len() == 1;
    let mut left_open = BTreeSet::new();
    let mut patches: Vec<Value> = spec
        .instances()
        .filter_map(|one| {
            for value in one.instance.containers.values().flat_map(|one| one.env.values()) {
                if let EnvValue::Variable { variable } = value
                    && !chosen.contains_key(variable)
                {
                    left_open.insert(variable.clone());
                }
            }
            workload(spec, one, chosen, &|container| {
                (!is_one(container)).then(|| image_of(container, pin))
            })
        })
        .collect();
    patches.extend(spec.objects.values().filter_map(|manifest| {
        let (kind, name) = manifest.identity()?;
        if kind != Kind::ConfigMap {
            return None;
        }
        let tree = manifest.tree();
        let mut patch = head(kind, &name);
        for member in ["data", "binaryData"] {
            if let Some(data) = tree.get(member) {
                patch.insert(member.to_owned(), data.clone());
            }
        }
        (patch.len() > 3).then_some(Value::Object(patch))
    }));
    let images = versions.iter().filter(|(_, images)| images.len() == 1);
    let images = images.filter_map(|(name, images)| entry(name, images.first()?));
    Component { images: images.collect(), patches, left_open }
}

/// An entry of `images:`.
fn entry(name: &str, image: &str) -> Option<Value> {
    let ImageReference { tag, digest, .. } = image.parse().ok()?;
    let mut entry = Map::from_iter([("name".to_owned(), name.into())]);
    entry.extend(tag.map(|tag| ("newTag".to_owned(), tag.into())));
    entry.extend(digest.map(|digest| ("digest".to_owned(), digest.into())));
    Some(Value::Object(entry))
}

/// The patch of a workload: environment, and images that need one.
fn workload(
    spec: &Spec,
    one: InstanceRef<'_>,
    chosen: &BTreeMap<String, String>,
    image: &dyn Fn(&Container) -> Option<String>,
) -> Option<Value> {
    let kind = one.instance.kind;
    let mut manifest = spec.objects.get(&one.instance.manifest)?.tree();
    let (mut containers, mut init) = (Vec::new(), Vec::new());
    // The order is the manifest's: a variable may refer to those before it.
    for container in containers_mut(kind, &mut manifest) {
        let name = container.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(meant) = one.instance.containers.get(&name) else { continue };
        let entries = container.get("env").and_then(Value::as_array).into_iter().flatten();
        let mut env: Vec<Value> = entries
            .filter_map(|entry| {
                let name = entry.get("name")?.as_str()?;
                let value = meant.env.get(name)?;
                match literal(value, chosen) {
                    Some(text) => Some(json!({"name": name, "value": text})),
                    // Its name alone keeps its place: kustomize puts what a patch names first.
                    None if matches!(value, EnvValue::Variable { .. }) => {
                        Some(json!({"name": name}))
                    }
                    None => Some(entry.clone()),
                }
            })
            .collect();
        // A list that is whole replaces the one that is there, with what is not of the set.
        let is_whole = meant.env.values().all(|value| match value {
            EnvValue::Variable { variable } => chosen.contains_key(variable),
            EnvValue::Literal(_) | EnvValue::Reference(_) => true,
        });
        if is_whole && !env.is_empty() {
            env.insert(0, json!({"$patch": "replace"}));
        }
        let mut patch = Map::from_iter([("name".to_owned(), name.into())]);
        patch.extend(image(meant).map(|image| ("image".to_owned(), image.into())));
        if !env.is_empty() {
            patch.insert("env".to_owned(), env.into());
        }
        if meant.init { &mut init } else { &mut containers }.push(Value::Object(patch));
    }
    let mut pod = Map::new();
    for (list, patches) in [("initContainers", init), ("containers", containers)] {
        // All of a list, or none: the order is that of the patch.
        if patches.iter().any(|one| one.as_object().is_some_and(|one| one.len() > 1)) {
            pod.insert(list.to_owned(), patches.into());
        }
    }
    if pod.is_empty() {
        return None;
    }
    let mut below = json!({"spec": pod});
    for step in kind.template_path()?.rsplit('/').filter(|step| !step.is_empty()) {
        below = json!({step: below});
    }
    let mut patch = head(kind, one.workload());
    patch.extend(below.as_object().cloned().unwrap_or_default());
    Some(Value::Object(patch))
}

/// Head of a patch: the object that it is for.
fn head(kind: Kind, name: &str) -> Map<String, Value> {
    Map::from_iter([
        ("apiVersion".to_owned(), kind.api_version().into()),
        ("kind".to_owned(), kind.name().into()),
        ("metadata".to_owned(), json!({"name": name})),
    ])
}
