//! Size of a diff, in one sentence.

use snapshot_core::{
    diff::{Diff, Presence, Summary},
    version::Order,
};

use crate::render::reports::counted::{counted, listed};

/// `3 images (2 newer, 1 older), 1 flag; 1 workload added`.
pub fn sentence(diff: &Diff) -> String {
    if diff.summary.is_same() {
        return if diff.from.digest == diff.to.digest {
            "same".to_owned()
        } else {
            "same: the digests differ only in what makes no difference, such as where a flag was read".to_owned()
        };
    }
    size(&diff.summary, &[diff])
}

/// Size of the differences that some comparisons have together.
pub(super) fn size(summary: &Summary, diffs: &[&Diff]) -> String {
    let mut changed = Vec::new();
    if summary.images > 0 {
        changed.push(format!("{}{}", counted(summary.images, "image", "images"), orders(diffs)));
    }
    changed.extend(listed([
        (summary.environment, "environment entry", "environment entries"),
        (summary.config_maps_changed, "ConfigMap", "ConfigMaps"),
        (summary.flags, "flag", "flags"),
        (summary.requirements, "requirement", "requirements"),
        (summary.routes, "route", "routes"),
        (summary.fields, "other field", "other fields"),
    ]));
    // Those of an added workload are no news beside it.
    let containers = |presence: Presence| {
        let instances = diffs.iter().flat_map(|diff| &diff.instances);
        let others = instances.filter(move |one| one.change == Presence::Changed);
        others
            .map(|one| {
                if presence == Presence::Added {
                    one.containers_added.len()
                } else {
                    one.containers_removed.len()
                }
            })
            .sum()
    };
    let one_sided = listed([
        (summary.workloads_added, "workload added", "workloads added"),
        (summary.workloads_removed, "workload removed", "workloads removed"),
        (containers(Presence::Added), "container added", "containers added"),
        (containers(Presence::Removed), "container removed", "containers removed"),
        (summary.config_maps_added, "ConfigMap added", "ConfigMaps added"),
        (summary.config_maps_removed, "ConfigMap removed", "ConfigMaps removed"),
    ]);
    let parts = [changed.join(", "), one_sided.join(", ")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Number of images with this order.
pub(super) fn in_order(diff: &Diff, order: Order) -> usize {
    diff.instances.iter().flat_map(|one| &one.images).filter(|one| one.order == order).count()
}

fn orders(diffs: &[&Diff]) -> String {
    let count = |order| diffs.iter().map(|diff| in_order(diff, order)).sum();
    let parts = listed([
        (count(Order::Newer), "newer", "newer"),
        (count(Order::Older), "older", "older"),
        (count(Order::Diverged), "diverged", "diverged"),
        (count(Order::Unknown), "of unknown order", "of unknown order"),
    ]);
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}
