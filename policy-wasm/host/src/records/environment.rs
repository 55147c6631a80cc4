//! Details about the environment that pods will have.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// A key of a `ConfigMap` or Secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct ObjectKey {
    /// Name of the object.
    pub object: String,
    /// The key in it.
    pub key: String,
}

/// Source of a variable's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum Source {
    /// The manifest has the value.
    #[component(name = "manifest")]
    Manifest,
    /// A variable of the place: its name.
    #[component(name = "variable")]
    Variable(String),
    /// A key of a `ConfigMap`.
    #[component(name = "config-map")]
    ConfigMap(ObjectKey),
    /// A key of a Secret, never with its value.
    #[component(name = "secret")]
    Secret(ObjectKey),
    /// A field of the pod, a resource limit or another source, as JSON.
    #[component(name = "other")]
    Other(String),
}

/// One environment variable of a container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Variable {
    /// The container's name.
    pub container: String,
    /// Name of the variable.
    pub name: String,
    /// The value that pods will have, where it is known and no secret.
    pub value: Option<String>,
    /// Source of the value.
    pub source: Source,
    /// Reason why the value is not known.
    pub unknown: Option<String>,
}

/// A source of variables whose names nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Hidden {
    /// The container's name.
    pub container: String,
    /// `Secret payment`
    pub object: String,
    /// Text that each name begins with.
    pub prefix: String,
}

/// Environment of an instance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Variables {
    /// Sorted by container, then name.
    pub entries: Vec<Variable>,
    /// Sources of further variables, whose names nobody knows.
    pub hidden: Vec<Hidden>,
}

/// Environment of an instance, with the instance's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct InstanceVariables {
    /// `service/instance`
    pub instance: String,
    /// The variables.
    pub variables: Variables,
}
