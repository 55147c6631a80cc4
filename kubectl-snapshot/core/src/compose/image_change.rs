//! Another image for containers of a service.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{ComposeError, Draft, Target};
use crate::{
    container,
    image::{self, ImageReference},
    instance_name::InstanceName,
    manifest::{COMMIT, Kind, Manifest, Workload, containers_mut, take_pins},
    snapshot::{Container, Instance},
    version::{same_commit, semver_of},
};

/// Labels and annotations that repeat the version of a workload's image.
const VERSIONS: [&str; 2] = ["app.kubernetes.io/version", "org.opencontainers.image.version"];
/// Annotations that repeat the commit of a workload's image.
const COMMITS: [&str; 2] = [COMMIT, "org.opencontainers.image.revision"];
/// The longest value of a label.
const LONGEST_LABEL: usize = 63;

/// A container that gets another image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aim {
    /// The service.
    pub service: String,
    /// The instance.
    pub instance: InstanceName,
    /// The container.
    pub container: String,
    /// The image that it has.
    pub image: ImageReference,
}

/// An image to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewImage {
    /// The image, with its digest where that is known.
    pub reference: ImageReference,
    /// The commit that it was built from, where more is known than its tag says.
    pub commit: Option<String>,
    /// The version that it says it has, where more is known than its tag says.
    pub version: Option<String>,
}

impl Draft {
    /// The containers that a target means: one that it names, else those that run the very
    /// repository of the workload's main container, init containers too.
    pub fn aims(&self, target: &Target) -> Result<Vec<Aim>, ComposeError> {
        let service = &target.service;
        let instances = self.set.instances(service)?;
        let is_meant = |name: &InstanceName| {
            target.instance.as_deref().is_none_or(|meant| meant == name.as_str())
        };
        let meant: Vec<_> = instances.iter().filter(|(name, _)| is_meant(name)).collect();
        if meant.is_empty() {
            return Err(ComposeError::NoInstance {
                service: service.clone(),
                instance: target.instance.clone().unwrap_or_default(),
                label: self.set.label.clone(),
                known: instances.keys().map(ToString::to_string).collect(),
            });
        }
        let mut aims = Vec::new();
        for (name, instance) in meant {
            for container in self.containers(name, instance, target)? {
                aims.push(Aim {
                    service: service.clone(),
                    instance: name.clone(),
                    image: reference(&instance.containers[&container]),
                    container,
                });
            }
        }
        Ok(aims)
    }

    fn containers(
        &self,
        name: &InstanceName,
        instance: &Instance,
        target: &Target,
    ) -> Result<Vec<String>, ComposeError> {
        let known = &instance.containers;
        if let Some(container) = &target.container {
            return if known.contains_key(container) {
                Ok(vec![container.clone()])
            } else {
                Err(ComposeError::NoContainer {
                    service: target.service.clone(),
                    instance: name.to_string(),
                    container: container.clone(),
                    label: self.set.label.clone(),
                    known: known.keys().cloned().collect(),
                })
            };
        }
        let main = self.main_container(name, instance);
        let Some(repository) = main.and_then(|main| Some(known.get(&main)?.image.clone())) else {
            return Ok(Vec::new());
        };
        let is_own = |container: &Container| image::same_repository(&container.image, &repository);
        let own = known.iter().filter(|(_, container)| is_own(container));
        Ok(own.map(|(name, _)| name.clone()).collect())
    }

    fn main_container(&self, name: &InstanceName, instance: &Instance) -> Option<String> {
        let id = (instance.kind, name.workload().to_owned());
        let tree = self.set.members.objects.get(&id)?.tree();
        Workload::of(instance.kind, &tree)?.main_container().map(str::to_owned)
    }

    /// Gives a container another image: in the manifest, with what that says of its version and
    /// commit.
    pub fn set(&mut self, aim: &Aim, new: &NewImage) {
        let instances = self.set.services.get_mut(&aim.service);
        let Some(instance) = instances.and_then(|all| all.get_mut(&aim.instance)) else { return };
        let Some(here) = instance.containers.get_mut(&aim.container) else { return };
        let before = here.clone();
        // What pods run beside the template is of the former image.
        *here = Container {
            env: before.env.clone(),
            init: before.init,
            ..container::of_reference(new.reference.clone())
        };
        let kind = instance.kind;
        let id = (kind, aim.instance.workload().to_owned());
        let Some(manifest) = self.set.members.objects.get(&id) else { return };
        let mut tree = manifest.tree();
        for container in containers_mut(kind, &mut tree) {
            if container.get("name").and_then(Value::as_str) == Some(&aim.container) {
                container.insert("image".to_owned(), new.reference.to_string().into());
            }
        }
        take_pins(kind, &mut tree);
        let main = Workload::of(kind, &tree).and_then(|workload| workload.main_container());
        if main == Some(&aim.container) {
            let fixed = self.selected_labels(kind, &tree);
            let left = identify(kind, &mut tree, &before, new, &fixed);
            self.moved.push((aim.service.clone(), aim.instance.clone(), before));
            self.warnings.extend(left.into_iter().map(|label| {
                format!(
                    "{kind} {}: label {label} says another version than {}, and stays, for pods are selected by it",
                    id.1, new.reference
                )
            }));
        }
        self.set.members.objects.insert(id, Manifest::new(&tree));
    }

    /// The labels of pods by which the workload or a Service of the set finds them.
    fn selected_labels(&self, kind: Kind, workload: &Value) -> BTreeSet<String> {
        let keys = |labels: Option<&Value>| {
            let labels = labels.and_then(Value::as_object).into_iter().flatten();
            labels.map(|(key, _)| key.clone()).collect::<Vec<_>>()
        };
        let own = keys(workload.pointer("/spec/selector/matchLabels"));
        let service = Workload::of(kind, workload).map(|workload| workload.service().to_owned());
        let objects = service.iter().flat_map(|service| self.set.members.of_service(service));
        let services = objects.filter(|((kind, _), _)| *kind == Kind::Service);
        let theirs = services.flat_map(|(_, one)| keys(one.tree().pointer("/spec/selector")));
        own.into_iter().chain(theirs).collect()
    }
}

/// The image of a container, as a reference.
fn reference(container: &Container) -> ImageReference {
    ImageReference {
        repository: container.image.clone(),
        tag: container.tag.clone(),
        digest: container.digest.clone(),
    }
}

/// Makes labels and annotations speak of the new image, where they spoke of the former. Returns
/// the labels that would, and have to stay.
fn identify(
    kind: Kind,
    tree: &mut Value,
    before: &Container,
    new: &NewImage,
    fixed: &BTreeSet<String>,
) -> BTreeSet<String> {
    let mut left = BTreeSet::new();
    let template = kind.template_path().unwrap_or_default();
    for holder in ["", template] {
        let metadata = tree.pointer_mut(holder).and_then(|holder| holder.get_mut("metadata"));
        let Some(metadata) = metadata.and_then(Value::as_object_mut) else { continue };
        for member in ["labels", "annotations"] {
            let Some(marks) = metadata.get_mut(member).and_then(Value::as_object_mut) else {
                continue;
            };
            let is_label = member == "labels";
            for key in VERSIONS {
                let Some(said) = marks.get(key).and_then(Value::as_str) else { continue };
                let text = version_text(said, before, new, is_label);
                if text.as_deref() == Some(said) {
                    continue;
                }
                if is_label && fixed.contains(key) {
                    left.insert(key.to_owned());
                    continue;
                }
                write(marks, key, text);
            }
            for key in COMMITS {
                let Some(said) = marks.get(key).and_then(Value::as_str) else { continue };
                let commit = commit_of(new);
                if commit.is_none_or(|commit| !same_commit(commit, said)) {
                    let commit = commit.map(str::to_owned);
                    write(marks, key, commit);
                }
            }
            if marks.is_empty() {
                metadata.remove(member);
            }
        }
    }
    left
}

fn write(marks: &mut Map<String, Value>, key: &str, text: Option<String>) {
    match text {
        Some(text) => marks.insert(key.to_owned(), text.into()),
        None => marks.remove(key),
    };
}

/// The commit of an image, by what is known of it or by its tag.
fn commit_of(new: &NewImage) -> Option<&str> {
    let tag = new.reference.tag.as_deref();
    new.commit.as_deref().or_else(|| tag.and_then(crate::version::commit_of))
}

/// The text in place of one that tells a version; none where no version is known.
///
/// What repeats the former tag repeats the new one. Anything else is a version by itself, which
/// the new image has or has not.
fn version_text(said: &str, before: &Container, new: &NewImage, is_label: bool) -> Option<String> {
    let tag = new.reference.tag.as_deref();
    let fits = |text: &&str| {
        !is_label
            || (text.len() <= LONGEST_LABEL
                && text.ends_with(|last: char| last.is_ascii_alphanumeric())
                && text.starts_with(|first: char| first.is_ascii_alphanumeric()))
    };
    let repeats = before.tag.as_deref() == Some(said);
    let version =
        tag.and_then(semver_of).map(|version| version.to_string()).or_else(|| new.version.clone());
    if repeats {
        return tag.filter(fits).map(str::to_owned);
    }
    match (version, semver_of(said)) {
        // The same version in other words stays as it is written.
        (Some(version), Some(former)) if version == former.to_string() => Some(said.to_owned()),
        (Some(version), _) => {
            let version = version.replace('+', "_");
            Some(version.as_str()).filter(fits).map(str::to_owned)
        }
        (None, _) => None,
    }
}
