//! Conversion of a diff into the contract's changes.

use std::collections::BTreeSet;

use snapshot_core::{
    ancestry::Ancestry,
    container,
    diff::{Diff, InstanceDiff, Presence},
    image,
    manifest::without_hash,
    snapshot::Spec,
};
use snapshot_policy_host::records::{Change, ChangeKind, ImageChange, Subject};

use super::{Place, question};

/// The changes of a comparison from what runs to the candidate.
pub(super) fn changes(diff: &Diff, candidate: &Spec) -> Vec<Change> {
    let of_instances = diff.instances.iter().flat_map(of_instance);
    let of_flags = diff.flags.iter().map(|flag| Change {
        subject: Subject::FeatureFlag(flag.key.clone()),
        kind: match flag.change {
            Presence::Added => ChangeKind::FlagAdded,
            Presence::Removed => ChangeKind::FlagRemoved,
            Presence::Changed => ChangeKind::FlagChanged,
        },
    });
    of_instances.chain(of_config_maps(diff, candidate)).chain(of_flags).collect()
}

/// Takes out that something is removed which stays at the place.
pub(super) fn keep_what_stays(changes: &mut Vec<Change>, place: Option<&Place<'_>>) {
    let Some(will_run) = place.and_then(|place| place.will_run) else { return };
    let instances: BTreeSet<String> = will_run.instances().map(|one| one.key()).collect();
    changes.retain(|change| match (&change.kind, &change.subject) {
        (ChangeKind::InstanceRemoved, Subject::Instance(key)) => !instances.contains(key),
        (ChangeKind::FlagRemoved, Subject::FeatureFlag(key)) => !will_run.flags.contains_key(key),
        _ => true,
    });
}

fn of_instance(instance: &InstanceDiff) -> Vec<Change> {
    let subject = Subject::Instance(format!("{}/{}", instance.service, instance.instance));
    let change = |kind| Change { subject: subject.clone(), kind };
    match instance.change {
        Presence::Added => vec![change(ChangeKind::InstanceAdded)],
        Presence::Removed => vec![change(ChangeKind::InstanceRemoved)],
        Presence::Changed => {
            let images = instance.images.iter().map(|image| {
                ChangeKind::Image(Box::new(ImageChange {
                    container: image.container.clone(),
                    before: question::container(&image.container, &image.before),
                    after: question::container(&image.container, &image.after),
                    order: question::order(image.order),
                }))
            });
            let environment = instance
                .environment
                .iter()
                .map(|entry| ChangeKind::Environment(entry.name.clone()));
            images.chain(environment).map(change).collect()
        }
    }
}

/// Images that pods of an older template run: the candidate replaces those as well.
pub(super) fn of_pods(running: &Spec, candidate: &Spec, ancestry: &Ancestry) -> Vec<Change> {
    let mut changes = Vec::new();
    for one in running.instances() {
        let replaced = candidate.services.get(one.service).and_then(|all| all.get(one.name));
        for (name, template) in &one.instance.containers {
            let Some(after) = replaced.and_then(|instance| instance.containers.get(name)) else {
                continue;
            };
            let others = template.also_running.iter().map(|image| container::of_text(image));
            for before in others.filter(|before| !image::same(before, after)) {
                let kind = ChangeKind::Image(Box::new(ImageChange {
                    container: name.clone(),
                    before: question::container(name, &before),
                    after: question::container(name, after),
                    order: question::order(ancestry.order(one.service, &before, after)),
                }));
                changes.push(Change { subject: Subject::Instance(one.key()), kind });
            }
        }
    }
    changes
}

/// A change of a ConfigMap is a change of every instance that uses it.
fn of_config_maps(diff: &Diff, candidate: &Spec) -> Vec<Change> {
    let changed: Vec<&str> =
        diff.config_maps.iter().map(|config_map| config_map.name.as_str()).collect();
    if changed.is_empty() {
        return Vec::new();
    }
    candidate
        .instances()
        .flat_map(|one| {
            let used =
                one.instance.configs.keys().filter(|name| changed.contains(&without_hash(name)));
            used.map(move |name| Change {
                subject: Subject::Instance(one.key()),
                kind: ChangeKind::Configuration(name.clone()),
            })
        })
        .collect()
}
