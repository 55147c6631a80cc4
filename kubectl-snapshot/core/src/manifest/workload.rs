//! Typed view of a workload's cleaned manifest.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Kind;

/// The label that names a workload's service, and the one before it was agreed on.
const SERVICE_LABELS: [&str; 2] = ["app.kubernetes.io/name", "app"];

/// The annotation that holds a workload's requirements.
pub const REQUIRES: &str = "kubectl-snapshot.dev/requires";
/// The annotation that says which environment variables are flags.
pub const FLAGS: &str = "kubectl-snapshot.dev/flags";
/// The annotation that holds the git commit.
pub const COMMIT: &str = "kubectl-snapshot.dev/commit";

/// A view into the cleaned manifest of a workload.
#[derive(Clone, Copy)]
pub struct Workload<'a> {
    /// The workload's kind.
    pub kind: Kind,
    object: &'a Value,
    template: &'a Value,
}

/// One container of a workload's pod template.
#[derive(Clone, Copy)]
pub struct ContainerView<'a> {
    /// Name of the container.
    pub name: &'a str,
    /// Image as written.
    pub image: &'a str,
    /// True for an init container.
    pub init: bool,
    value: &'a Value,
}

/// The service that any object's own labels name.
#[must_use]
pub fn service_of(object: &Value) -> Option<&str> {
    named_by(&[object.pointer("/metadata/labels")])
}

fn named_by<'a>(labels: &[Option<&'a Value>]) -> Option<&'a str> {
    let named = |label: &str| {
        labels.iter().find_map(|labels| {
            labels.and_then(|labels| labels.get(label)?.as_str()).filter(|name| !name.is_empty())
        })
    };
    SERVICE_LABELS.iter().find_map(|label| named(label))
}

impl<'a> Workload<'a> {
    /// A view of `object`, where it is a workload of `kind` with a pod template.
    #[must_use]
    pub fn of(kind: Kind, object: &'a Value) -> Option<Self> {
        let template = object.pointer(kind.template_path()?)?;
        Some(Self { kind, object, template })
    }

    /// The workload's name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
    }

    /// The service it is an instance of: its label, else the workload's name.
    #[must_use]
    pub fn service(&self) -> &'a str {
        let labels =
            [self.object.pointer("/metadata/labels"), self.template.pointer("/metadata/labels")];
        named_by(&labels).unwrap_or_else(|| self.name())
    }

    /// An annotation of the workload or, failing that, of its pod template.
    #[must_use]
    pub fn annotation(&self, name: &str) -> Option<&'a str> {
        [self.object, self.template]
            .into_iter()
            .find_map(|holder| holder.pointer("/metadata/annotations")?.get(name)?.as_str())
    }

    /// A label of the workload or, failing that, of its pod template.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&'a str> {
        [self.object, self.template]
            .into_iter()
            .find_map(|holder| holder.pointer("/metadata/labels")?.get(name)?.as_str())
    }

    /// The labels its pods carry, by which Services select them.
    #[must_use]
    pub fn pod_labels(&self) -> BTreeMap<String, String> {
        let labels = self.template.pointer("/metadata/labels").and_then(Value::as_object);
        labels
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect()
    }

    /// Init containers, then containers.
    pub fn containers(&self) -> impl Iterator<Item = ContainerView<'a>> + use<'a> {
        let template = self.template;
        [("/spec/initContainers", true), ("/spec/containers", false)].into_iter().flat_map(
            move |(list, init)| {
                elements(template, list).filter_map(move |value| {
                    let text = |name| value.get(name).and_then(Value::as_str);
                    Some(ContainerView {
                        name: text("name")?,
                        image: text("image").unwrap_or_default(),
                        init,
                        value,
                    })
                })
            },
        )
    }

    /// The first environment entry with a value that is no text: its container,
    /// its name and the value.
    #[must_use]
    pub fn env_that_is_no_text(&self) -> Option<(&'a str, &'a str, &'a Value)> {
        self.containers().find_map(|container| {
            elements(container.value, "/env").find_map(|entry| {
                let value = entry.get("value").filter(|value| !value.is_string())?;
                Some((container.name, entry.get("name")?.as_str()?, value))
            })
        })
    }

    /// The container that the workload is about: named like it or its service,
    /// else the first that is no init container.
    #[must_use]
    pub fn main_container(&self) -> Option<&'a str> {
        let serving = || self.containers().filter(|container| !container.init);
        serving()
            .find(|container| container.name == self.name() || container.name == self.service())
            .or_else(|| serving().next())
            .map(|container| container.name)
    }

    /// The ServiceAccount its pods run as, unless it is the namespace's default.
    #[must_use]
    pub fn service_account(&self) -> Option<&'a str> {
        self.template.pointer("/spec/serviceAccountName").and_then(Value::as_str)
    }

    /// The names of the ConfigMaps that it mounts or takes variables from.
    #[must_use]
    pub fn config_maps(&self) -> BTreeSet<&'a str> {
        let mut names = BTreeSet::new();
        for volume in elements(self.template, "/spec/volumes") {
            names.extend(text_at(volume, "/configMap/name"));
            names.extend(
                elements(volume, "/projected/sources")
                    .filter_map(|source| text_at(source, "/configMap/name")),
            );
        }
        for container in self.containers() {
            names.extend(
                elements(container.value, "/envFrom")
                    .filter_map(|from| text_at(from, "/configMapRef/name")),
            );
            names.extend(
                elements(container.value, "/env")
                    .filter_map(|entry| text_at(entry, "/valueFrom/configMapKeyRef/name")),
            );
        }
        names
    }
}

impl<'a> ContainerView<'a> {
    /// Environment entries in order: name, literal value, reference.
    pub fn env(
        &self,
    ) -> impl Iterator<Item = (&'a str, Option<&'a str>, Option<&'a Value>)> + use<'a> {
        elements(self.value, "/env").filter_map(|entry| {
            Some((
                entry.get("name")?.as_str()?,
                entry.get("value").and_then(Value::as_str),
                entry.get("valueFrom"),
            ))
        })
    }

    /// `envFrom` sources, ConfigMaps and Secrets, in order.
    pub fn env_from(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        elements(self.value, "/envFrom")
    }
}

/// The containers and init containers of a workload's manifest, to be changed.
pub fn containers_mut(
    kind: Kind,
    object: &mut Value,
) -> impl Iterator<Item = &mut Map<String, Value>> {
    let pod = kind.template_path().and_then(|path| object.pointer_mut(path)?.get_mut("spec"));
    pod.and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(|pod| {
            pod.iter_mut()
                .filter(|(name, _)| matches!(name.as_str(), "containers" | "initContainers"))
        })
        .filter_map(|(_, list)| list.as_array_mut())
        .flatten()
        .filter_map(Value::as_object_mut)
}

fn elements<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn text_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}
