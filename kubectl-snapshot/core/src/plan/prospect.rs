//! Prospect of a place: the set, with what the plan leaves alone there.

use std::collections::BTreeSet;

use super::Plan;
use crate::{flag::Flag, flags, manifest::Kind, snapshot::Spec};

impl Plan {
    /// Prospect of the place: the set, with what runs there now and stays. None where nothing
    /// stays that is not in the set.
    #[must_use]
    pub fn prospect(&self, set: &Spec, running: &Spec) -> Option<Spec> {
        if self.leftovers.is_empty() {
            return None;
        }
        let left: BTreeSet<(Kind, &str)> =
            self.leftovers.iter().map(|one| (one.kind, one.name.as_str())).collect();
        let mut all = set.clone();
        for one in running.instances() {
            if left.contains(&(one.instance.kind, one.workload())) {
                let instances = all.services.entry(one.service.to_owned()).or_default();
                instances.entry(one.name.clone()).or_insert_with(|| one.instance.clone());
            }
        }
        for (digest, manifest) in &running.objects {
            let stays = |(kind, name): (Kind, String)| left.contains(&(kind, name.as_str()));
            if manifest.identity().is_some_and(stays) {
                all.objects.entry(*digest).or_insert_with(|| manifest.clone());
            }
        }
        for (key, flag) in &running.flags {
            if stays(flag, &left, running) {
                all.flags.entry(key.clone()).or_insert_with(|| flag.clone());
            }
        }
        Some(all)
    }
}

/// True if what defines a flag is left.
fn stays(flag: &Flag, left: &BTreeSet<(Kind, &str)>, running: &Spec) -> bool {
    if let Some((kind, name)) = flags::holder_of(flag) {
        return left.contains(&(kind, name.as_str()));
    }
    if flags::is_served(flag) {
        return true;
    }
    let Some((service, instance)) = flags::instance_of(flag) else { return false };
    running.instances().any(|one| {
        one.service == service
            && one.name.as_str() == instance
            && left.contains(&(one.instance.kind, one.workload()))
    })
}
