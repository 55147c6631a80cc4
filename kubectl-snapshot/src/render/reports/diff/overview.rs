//! Summary of a diff, for those who know neither set.

use snapshot_core::{diff::Diff, version::Order};

use super::{meanings, summary::in_order};
use crate::render::{Overview, Tone, reports::counted};

/// Summary of a diff: its direction, and its size.
pub(super) fn of(diff: &Diff) -> Overview {
    let (from, to, summary) = (&diff.from.name, &diff.to.name, &diff.summary);
    let overview =
        Overview::new(format!("What changes from {from} to {to}")).says(meanings::SNAPSHOT);
    if summary.is_same() {
        return overview.says(format!("{from} and {to} are the same."));
    }
    let [newer, older, diverged, unknown] =
        [Order::Newer, Order::Older, Order::Diverged, Order::Unknown]
            .map(|order| in_order(diff, order));
    let unclear = diverged + unknown;
    overview
        .says(format!("This is what {to} has different from {from}."))
        .says_if(older > 0, || {
            format!("{} would go back to an older version.", counted(older, "image", "images"))
        })
        .says_if(unclear > 0, || {
            format!(
                "Of {} nobody can tell by the version which side is newer.",
                counted(unclear, "image", "images")
            )
        })
        .counts(Tone::Good, newer, "newer version", "newer versions")
        .counts(Tone::Caution, older, "older version", "older versions")
        .counts(Tone::Unknown, diverged, "diverged version", "diverged versions")
        .counts(Tone::Unknown, unknown, "version of unknown order", "versions of unknown order")
        .counts(Tone::Good, summary.workloads_added, "workload added", "workloads added")
        .counts(Tone::Bad, summary.workloads_removed, "workload removed", "workloads removed")
        .counts(Tone::Plain, summary.flags, "flag", "flags")
        .counts(Tone::Plain, summary.environment, "setting", "settings")
        .counts(
            Tone::Plain,
            summary.config_maps_changed + summary.config_maps_added + summary.config_maps_removed,
            "ConfigMap",
            "ConfigMaps",
        )
        .counts(Tone::Plain, summary.requirements, "requirement", "requirements")
        .counts(Tone::Plain, summary.routes, "route", "routes")
        .counts(Tone::Plain, summary.fields, "other field", "other fields")
}
