//! Export of a set, for a team whose own deployer brings it.

mod component;
mod error;
mod manifests;
#[cfg(test)]
mod tests;
mod values;

pub use component::{Component, component};
pub use error::ExportError;
pub use manifests::manifests;
pub use values::{Mapping, Values, values};

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    image,
    manifest::{Kind, Manifest},
    pin::Pin,
    snapshot::{Container, EnvValue, InstanceRef, Spec},
};

/// The set with these objects alone, and the instances whose workloads are among them.
#[must_use]
pub fn narrowed(spec: &Spec, objects: &BTreeSet<(Kind, String)>) -> Spec {
    let mut spec = spec.clone();
    for (service, instances) in &mut spec.services {
        instances.retain(|name, instance| {
            let one = InstanceRef { service, name, instance };
            objects.contains(&(one.instance.kind, one.workload().to_owned()))
        });
    }
    spec.services.retain(|_, instances| !instances.is_empty());
    let is_written =
        |manifest: &Manifest| manifest.identity().is_some_and(|key| objects.contains(&key));
    spec.objects.retain(|_, manifest| is_written(manifest));
    spec
}

/// The image of a container, with its digest unless none is to be written.
fn image_of(container: &Container, pin: Pin) -> String {
    if pin == Pin::Never && container.tag.is_some() {
        image::without_digest(container)
    } else {
        image::written(container)
    }
}

/// The value of an environment entry, where the set or the variables chosen have one.
fn literal<'a>(value: &'a EnvValue, chosen: &'a BTreeMap<String, String>) -> Option<&'a str> {
    match value {
        EnvValue::Literal(text) => Some(text),
        EnvValue::Variable { variable } => chosen.get(variable).map(String::as_str),
        EnvValue::Reference(_) => None,
    }
}
