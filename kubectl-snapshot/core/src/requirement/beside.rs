//! Instances that still run beside those of a set: pods of an older template.

use std::collections::BTreeMap;

use crate::{
    image::ImageReference,
    snapshot::{Container, Instances, Spec},
    version::{commit_of, semver_of},
};

/// The instances as their pods run them, by service.
pub(super) fn beside(spec: &Spec) -> BTreeMap<&str, Instances> {
    let mut beside: BTreeMap<&str, Instances> = BTreeMap::new();
    let seen: Vec<_> = spec.also_running().collect();
    if seen.is_empty() {
        return beside;
    }
    for one in spec.instances() {
        let key = one.key();
        for (_, container, image) in seen.iter().filter(|(of, ..)| *of == key) {
            let mut instance = one.instance.clone();
            let Some(template) = instance.containers.get_mut(*container) else { continue };
            *template = Container { init: template.init, ..as_run(image) };
            let name = format!("{} ({image})", one.name);
            beside.entry(one.service).or_default().insert(name.into(), instance);
        }
    }
    beside
}

/// A container that runs an image; nothing else is known of it.
#[must_use]
pub fn as_run(image: &str) -> Container {
    let read = image.parse::<ImageReference>();
    let reference = read.unwrap_or_else(|_| ImageReference {
        repository: image.to_owned(),
        tag: None,
        digest: None,
    });
    let tag = reference.tag.as_deref();
    Container {
        commit: tag.and_then(commit_of).map(str::to_owned),
        version: tag.and_then(semver_of).map(|version| version.to_string()),
        image: reference.repository,
        digest: reference.digest,
        tag: reference.tag,
        ..Container::default()
    }
}
