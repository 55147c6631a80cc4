//! Details about images: as they ran, and as they will be written.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// One image of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Image {
    /// The container's name.
    pub container: String,
    /// Name in the set's manifest, without a digest beside a tag.
    pub manifest: String,
    /// The digest that pods ran where the set was captured, or that its manifest was pinned to.
    pub ran: Option<String>,
    /// Name in the manifest that is there now.
    pub before: Option<String>,
    /// Name as it will be written, or stays.
    pub after: String,
}

/// The images of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct InstanceImages {
    /// `service/instance`
    pub instance: String,
    /// The images, by container.
    pub images: Vec<Image>,
}
