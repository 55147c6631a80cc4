//! Details about instances: their pods, their init containers, and rollouts under way.

use super::Entry;
use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// Container of an instance, beyond its image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(record)]
pub struct ContainerDetails {
    /// The container's name.
    pub name: String,
    /// True of an init container.
    pub init: bool,
    /// Images that pods ran beside the manifest's.
    #[component(name = "also-running")]
    pub also_running: Vec<String>,
}

/// An instance, beyond its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(record)]
pub struct InstanceDetails {
    /// `service/instance`
    pub instance: String,
    /// Labels of its pods.
    #[component(name = "pod-labels")]
    pub pod_labels: Vec<Entry>,
    /// Annotations of its pods.
    #[component(name = "pod-annotations")]
    pub pod_annotations: Vec<Entry>,
    /// Containers by name.
    pub containers: Vec<ContainerDetails>,
    /// Names of the `ConfigMap`s that it uses.
    #[component(name = "config-maps")]
    pub config_maps: Vec<String>,
}

/// Instances of both sets, each list sorted by `service/instance`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instances {
    /// Instances of the candidate.
    pub candidate: Vec<InstanceDetails>,
    /// Instances of what runs where it would go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Vec<InstanceDetails>>,
}
