//! Images that pods run beside those that their templates ask for.

use std::collections::HashMap;

use super::{
    Diff, ImageDiff, InstanceDiff, Presence,
    instances::{identity, named, sort, without_env},
    summarise,
};
use crate::{
    container, image,
    snapshot::{Instance, InstanceRef, Spec},
    version,
};

impl Diff {
    /// Counts what pods run beside the template as well: `now` is the second side, and `asked`
    /// the first.
    ///
    /// Two sets that ask for the same are the same; what is seen after a write is not.
    #[must_use]
    pub fn with_pods(mut self, asked: &Spec, now: &Spec) -> Self {
        let is_mixed = |one: &InstanceRef<'_>| {
            one.instance.containers.values().any(|container| !container.also_running.is_empty())
        };
        let mut mixed = now.instances().filter(is_mixed).peekable();
        if mixed.peek().is_none() {
            return self;
        }
        let asked: HashMap<_, _> = asked.instances().map(|one| (identity(one), one)).collect();
        let known = self.instances.iter().enumerate();
        let known: HashMap<_, _> =
            known.map(|(at, one)| ((one.kind, one.instance.workload().to_owned()), at)).collect();
        for there in mixed {
            let Some(asked) = asked.get(&identity(there)) else { continue };
            let images = beside(asked.instance, there.instance);
            if images.is_empty() {
                continue;
            }
            if let Some(at) = known.get(&(there.instance.kind, there.workload().to_owned())) {
                self.instances[*at].images.extend(images);
            } else {
                let changed = named(*asked, Presence::Changed);
                self.instances.push(InstanceDiff { images, ..changed });
            }
        }
        sort(&mut self.instances);
        self.summary = summarise(&self);
        self
    }
}

/// The images that pods of an instance run, and that it was not asked to.
fn beside(asked: &Instance, there: &Instance) -> Vec<ImageDiff> {
    let mut images = Vec::new();
    for (name, container) in &there.containers {
        let Some(before) = asked.containers.get(name) else { continue };
        let others = container.also_running.iter().map(|image| container::of_text(image));
        let others = others.filter(|other| !image::same(before, other));
        images.extend(others.map(|after| ImageDiff {
            container: name.clone(),
            order: version::compare(before, &after),
            before: without_env(before),
            after,
            ahead: None,
            behind: None,
            gap: None,
        }));
    }
    images
}
