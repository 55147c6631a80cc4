//! Preparation of a deployment: everything that is known before the first write.

use std::collections::BTreeSet;

use snapshot_core::{
    assembly::CaptureOptions,
    diff::{self, Diff},
    manifest::Kind,
    plan::{Intent, Plan, plan},
    snapshot::Snapshot,
};

use super::Place;
use crate::{
    blocking::blocking,
    cluster,
    commands::{failure::Failure, resolve::Found, session::Session},
};

/// Set to be applied, and the live set.
pub struct Prepared {
    /// The set that is to run.
    pub found: Found,
    /// The set that runs, its variables taken out.
    pub running: Snapshot,
    /// Difference by which the live set becomes the one to be applied.
    pub diff: Diff,
    /// The writes between them.
    pub plan: Plan,
}

/// Reads the place, and plans the writes that make it run the set.
///
/// `brought` are the objects that earlier sets have brought there.
pub async fn prepare(
    session: &Session,
    place: &Place,
    found: Found,
    brought: &BTreeSet<(Kind, String)>,
) -> Result<Prepared, Failure> {
    // Every value is read, because a plan compares what is really there; the
    // set that the policies see has its variables taken out again.
    let choices = CaptureOptions { lenient: true, ..CaptureOptions::default() };
    let cluster = &place.cluster;
    let progress = session.ui.count(&format!("reading {}", cluster.namespace()), None);
    let observed = cluster::read(cluster, choices, &|count| progress.set(count)).await?;
    drop(progress);
    observed.warnings.iter().for_each(|warning| session.ui.warning(warning));
    let assembly = observed.assembly;
    let live = blocking(move || assembly.finish())
        .await
        .map_err(|error| Failure::new(format!("{}: {error}", place.label)))?;
    let mut plan = plan(Intent {
        name: &found.label,
        digest: found.snapshot.spec.digest(),
        target: &place.target(),
        set: &found.snapshot.spec,
        live: &live.spec,
        unused: &live.unused,
        existing: &observed.existing,
        chosen: &place.chosen,
        brought,
    })?;
    let (running, _) = session.without_values(live.spec, &place.reading, &place.label).await?;
    let diff = diff::compare([&place.label, &found.label], &running, &found.snapshot);
    plan.notes.extend(diff.downgrades());
    Ok(Prepared { found, running, diff, plan })
}
