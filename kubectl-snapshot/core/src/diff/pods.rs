//! Images that pods run beside those that their templates ask for.

use super::{
    Diff, ImageDiff, Presence,
    instances::{identity, named, without_env},
    summarise,
};
use crate::{container, image, snapshot::Spec, version};

impl Diff {
    /// Counts what pods run beside the template as well: `now` is the second side, and `asked`
    /// the first.
    ///
    /// Two sets that ask for the same are the same; what is seen after a write is not.
    #[must_use]
    pub fn with_pods(mut self, asked: &Spec, now: &Spec) -> Self {
        for there in now.instances() {
            let mut images = Vec::new();
            let mut asks = asked.instances().filter(|one| identity(*one) == identity(there));
            let containers = &there.instance.containers;
            if containers.values().all(|container| container.also_running.is_empty()) {
                continue;
            }
            let Some(asked) = asks.next() else { continue };
            for (name, container) in containers {
                let Some(before) = asked.instance.containers.get(name) else { continue };
                let others = container.also_running.iter().map(|image| container::of_text(image));
                let others = others.filter(|other| !image::same(before, other));
                images.extend(others.map(|after| ImageDiff {
                    container: name.clone(),
                    order: version::compare(before, &after),
                    before: without_env(before),
                    after,
                }));
            }
            if images.is_empty() {
                continue;
            }
            let is_known = |one: &&mut super::InstanceDiff| {
                (one.kind, one.instance.workload()) == identity(there)
            };
            if let Some(known) = self.instances.iter_mut().find(is_known) {
                known.images.extend(images);
            } else {
                self.instances
                    .push(super::InstanceDiff { images, ..named(asked, Presence::Changed) });
            }
        }
        self.summary = summarise(&self);
        self
    }
}
