//! Instances that still run beside those of a set: pods of an older template.

use std::collections::BTreeMap;

use crate::{
    container,
    snapshot::{Container, Instances, Spec},
};

/// The instances as their pods run them, by service.
pub(super) fn beside(spec: &Spec) -> BTreeMap<&str, Instances> {
    let mut beside: BTreeMap<&str, Instances> = BTreeMap::new();
    for one in spec.instances() {
        for (name, template) in &one.instance.containers {
            for image in &template.also_running {
                let running = Container { init: template.init, ..container::of_text(image) };
                let mut instance = one.instance.clone();
                instance.containers.insert(name.clone(), running);
                let called = format!("{} ({image})", one.name);
                beside.entry(one.service).or_default().insert(called.into(), instance);
            }
        }
    }
    beside
}
