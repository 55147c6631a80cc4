//! Preparation: everything that is known before the first write.

use std::collections::{BTreeMap, BTreeSet};

use snapshot_core::{
    ancestry::Ancestry,
    assembly::CaptureOptions,
    diff::{self, Diff},
    environment::{PlaceValues, values_here},
    manifest::{Kind, Pins, PlaceMarks},
    pin::Pin,
    plan::{Intent, Plan, plan},
    snapshot::Snapshot,
};

use super::Target;
use crate::{
    app::{
        App, AppError, Failure, history::Histories, resolved::ResolvedSnapshot,
        without_values::without_values,
    },
    blocking::blocking,
    cluster,
    sources::git::Counting,
    store::Store,
};

/// A set that is to be deployed, and what runs there now.
pub(super) struct Prepared {
    /// The set that is to run.
    pub(super) candidate: ResolvedSnapshot,
    /// The set that runs, its variables taken out.
    pub(super) running: Snapshot,
    /// The digests that images are written with there.
    pub(super) pins: BTreeMap<(Kind, String), Pins>,
    /// Values that variables have there.
    pub(super) values: PlaceValues,
    /// Order of the commits of both, as git knows it.
    pub(super) ancestry: Ancestry,
    /// The differences from what runs to what is to run.
    pub(super) diff: Diff,
    /// The writes between them.
    pub(super) plan: Plan,
}

/// Reads the target, and plans the writes that make it run the set.
///
/// `deployed` are the objects that earlier sets have deployed there.
pub(super) async fn prepare(
    app: &App,
    store: &Store,
    target: &Target,
    candidate: ResolvedSnapshot,
    deployed: &BTreeSet<(Kind, String)>,
    pin: Pin,
) -> Result<Prepared, Failure> {
    // Every value is read, because a plan compares what is really there; the
    // set that the policies see has its variables taken out again.
    let options = CaptureOptions { lenient: true, ..CaptureOptions::default() };
    let cluster = &target.cluster;
    let progress = app.observer.count(&format!("reading {}", cluster.namespace()), None);
    let observed = cluster::read(cluster, options, &|count| progress.set(count)).await?;
    drop(progress);
    observed.warnings.iter().for_each(|warning| app.observer.warning(warning));
    let assembly = observed.assembly;
    let live = blocking(move || assembly.finish())
        .await
        .map_err(|error| Failure::of(error).about(&target.label))?;
    let mut plan = plan(Intent {
        name: &candidate.label,
        digest: candidate.snapshot.spec.digest(),
        target: &target.namespace(),
        set: &candidate.snapshot.spec,
        live: &live.spec,
        unused: &live.unused,
        pins: &live.pins,
        pin,
        existing: &observed.existing,
        chosen: &target.chosen,
        marks: &PlaceMarks::of(&target.options.variables),
        deployed,
    })?;
    let values = PlaceValues {
        chosen: target.chosen.clone(),
        here: values_here(&live.spec, &target.options.variables),
    };
    let pins = live.pins;
    let running = without_values(app, live.spec, &target.options, &target.label).await?;
    let sets = [&running.spec, &candidate.snapshot.spec];
    let histories = Histories::of(app, Some(store), &sets).await;
    let ancestry = histories.ancestry(Some(sets[0]), sets[1], Counting::Counted).await;
    let diff = diff::compare([&target.label, &candidate.label], &running, &candidate.snapshot)
        .ordered_by(&ancestry);
    plan.notes.extend(diff.downgrades());
    Ok(Prepared { candidate, running, pins, values, ancestry, diff, plan })
}

/// Refuses a plan of which the API server would refuse a part.
pub(super) fn refuse_blocked(plan: &Plan) -> Result<(), Failure> {
    if plan.blocked.is_empty() {
        return Ok(());
    }
    Err(AppError::Blocked { blocked: plan.blocked.clone() }.into())
}
