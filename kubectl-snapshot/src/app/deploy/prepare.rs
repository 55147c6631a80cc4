//! Preparation: everything that is known before the first write.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use snapshot_core::{
    ancestry::Ancestry,
    assembly::CaptureOptions,
    diff::{self, Diff, Summary},
    environment::{PlaceValues, values_here},
    manifest::{Kind, Pins, PlaceMarks},
    owner::is_own,
    parts::{Document, PartName},
    pin::Pin,
    plan::{Intent, MissingVariable, Ordered, Plan, Plans, plan as make, put_in_waves},
    snapshot::{Snapshot, Spec},
};

use super::{Target, deployed_objects::DeployedObjects, reading::read_all, target::TargetPart};
use crate::{
    app::{
        App, AppError, Failure, history::Histories, read::in_parts, resolved::ResolvedDocument,
        without_values::without_values,
    },
    blocking::blocking,
    cluster::{self, Observed},
    sources::git::Counting,
    store::Store,
};

/// A set that is to be deployed, and what runs there now.
pub(super) struct Prepared {
    /// The set that is to run.
    pub(super) candidate: ResolvedDocument,
    /// The set that runs, its variables taken out.
    pub(super) running: Document,
    /// Facts of each namespace, in the target's order.
    pub(super) parts: Vec<PreparedPart>,
    /// Order of the commits of both, as git knows it.
    pub(super) ancestry: Ancestry,
    /// The writes between them.
    pub(super) plans: Plans,
}

/// Facts of one namespace.
pub(super) struct PreparedPart {
    /// The part's alias; none where the set is of one namespace.
    pub(super) part: Option<PartName>,
    /// The digests that images are written with there.
    pub(super) pins: BTreeMap<(Kind, String), Pins>,
    /// Values that variables have there.
    pub(super) values: PlaceValues,
    /// The set with what the plan leaves alone, where it leaves anything.
    pub(super) will_run: Option<Snapshot>,
    /// The differences from what runs to what will run.
    pub(super) diff: Diff,
}

impl Prepared {
    /// Sets that ran in each namespace, in the target's order.
    pub(super) fn before(&self) -> Vec<&Snapshot> {
        let empty: &Snapshot = &EMPTY;
        let running: BTreeMap<_, _> = self.running.sets().collect();
        let of_part = |one: &PreparedPart| running.get(&one.part.as_ref()).copied();
        self.parts.iter().map(|one| of_part(one).unwrap_or(empty)).collect()
    }

    /// Number of differences of each type, in all namespaces.
    pub(super) fn summary(&self) -> Summary {
        let mut sum = Summary::default();
        self.parts.iter().for_each(|one| sum.add(&one.diff.summary));
        sum
    }

    /// The first changes, each with its part.
    pub(super) fn headlines(&self, most: usize) -> Vec<String> {
        let of_part = |one: &PreparedPart| {
            let part = one.part.clone();
            one.diff.headlines(most).into_iter().map(move |line| match &part {
                Some(part) => format!("{part}: {line}"),
                None => line,
            })
        };
        self.parts.iter().flat_map(of_part).take(most).collect()
    }
}

/// The set of a place where nothing runs.
static EMPTY: LazyLock<Snapshot> = LazyLock::new(Snapshot::default);

/// A namespace whose writes are planned, with what runs in it.
struct Planned {
    plan: Plan,
    pins: BTreeMap<(Kind, String), Pins>,
    values: PlaceValues,
    running: Snapshot,
}

/// Reads the target, and plans the writes that make it run the set.
///
/// `deployed` are the objects that earlier sets have deployed there.
pub(super) async fn prepare(
    app: &App,
    store: &Store,
    target: &Target,
    candidate: ResolvedDocument,
    deployed: &DeployedObjects,
    pin: Pin,
) -> Result<Prepared, Failure> {
    let empty = Snapshot::default();
    let sets = target.sets(&candidate)?;
    // Every value is read, because a plan compares what is really there; the
    // set that the policies see has its variables taken out again.
    let options = CaptureOptions { lenient: true, ..CaptureOptions::default() };
    let observed = read_all(app, target, &options).await?;
    let whole_creator = deployed.creator.clone();
    let mut planned = Vec::new();
    for ((one, observed), set) in target.parts.iter().zip(observed).zip(&sets) {
        let whole = Planner { app, target, label: &candidate.label, pin };
        let deployed = deployed.of(one.part.as_ref());
        let set = (set.unwrap_or(&empty), set.is_some());
        let creator = whole_creator.as_deref();
        planned.push(whole.plan(one, observed, set, (deployed, creator)).await?);
    }
    let pairs: Vec<(Option<&Spec>, &Spec)> = planned
        .iter()
        .zip(&sets)
        .map(|(one, set)| (Some(&one.running.spec), &set.unwrap_or(&empty).spec))
        .collect();
    let histories = Histories::of_pairs(app, Some(store), &pairs).await;
    let ancestry = histories.ancestry(&pairs, Counting::Counted).await;
    let ordered = planned.iter_mut().zip(&sets).zip(&target.parts);
    let ordered = ordered.map(|((one, set), at)| Ordered {
        part: at.part.as_ref(),
        plan: &mut one.plan,
        set: &set.unwrap_or(&empty).spec,
        live: &one.running.spec,
    });
    // Who brings it by other means has an order of their own.
    if !target.is_awaited {
        put_in_waves(&mut ordered.collect::<Vec<_>>(), &ancestry);
    }
    let (mut parts, mut plans, mut running) = (Vec::new(), Vec::new(), Vec::new());
    for ((one, planned), set) in target.parts.iter().zip(planned).zip(&sets) {
        let Planned { mut plan, pins, values, running: before } = planned;
        let part = one.part.clone();
        let after = set.unwrap_or(&empty);
        let will_run = plan.prospect(&after.spec, &before.spec);
        let metadata = &after.metadata;
        let will_run = will_run.map(|spec| Snapshot { metadata: metadata.clone(), spec });
        let prospect = will_run.as_ref().unwrap_or(after);
        let diff = diff::compare([&one.label(), &candidate.label], &before, prospect);
        let diff = diff.ordered_by(&ancestry);
        plan.notes.extend(diff.downgrades());
        // A part that is neither wanted nor there is none of what runs.
        if set.is_some() || !before.spec.objects.is_empty() || !before.spec.flags.is_empty() {
            running.push((part.clone(), before));
        }
        plans.push((part.clone(), plan));
        parts.push(PreparedPart { part, pins, values, will_run, diff });
    }
    let plans = plans_of(&candidate, plans);
    let running = running_of(target, running)?;
    Ok(Prepared { candidate, running, parts, ancestry, plans })
}

fn plans_of(candidate: &ResolvedDocument, mut plans: Vec<(Option<PartName>, Plan)>) -> Plans {
    if let [(None, _)] = plans.as_slice() {
        return plans.remove(0).1.into();
    }
    let named = plans.into_iter().filter_map(|(part, plan)| Some((part?, plan)));
    Plans::of_parts(candidate.label.clone(), candidate.document.digest(), named)
}

fn running_of(
    target: &Target,
    mut running: Vec<(Option<PartName>, Snapshot)>,
) -> Result<Document, Failure> {
    if let [(None, _)] = running.as_slice() {
        return Ok(running.remove(0).1.into());
    }
    let named = running.into_iter().filter_map(|(part, set)| Some((part?, set)));
    in_parts(named.collect(), target.label.clone())
}

/// A planner of the writes to one of the namespaces.
#[derive(Clone, Copy)]
struct Planner<'a> {
    app: &'a App,
    target: &'a Target,
    label: &'a str,
    pin: Pin,
}

impl Planner<'_> {
    async fn plan(
        self,
        one: &TargetPart,
        observed: Observed,
        (set, is_wanted): (&Snapshot, bool),
        (deployed, creator): (&BTreeSet<(Kind, String)>, Option<&str>),
    ) -> Result<Planned, Failure> {
        let Self { app, target, label, pin } = self;
        let here = one.label();
        let assembly = observed.assembly;
        let live = blocking(move || assembly.finish())
            .await
            .map_err(|error| Failure::of(error).about(&here))?;
        let (now, marks) = (app.clock.now(), PlaceMarks::of(&target.options.variables));
        let intent = Intent {
            now: &now,
            name: label,
            digest: set.spec.digest(),
            target: &one.namespace(),
            set: &set.spec,
            live: &live.spec,
            unused: &live.unused,
            pins: &live.pins,
            pin,
            existing: &observed.existing,
            unserved: &observed.unserved,
            chosen: &target.chosen,
            marks: &marks,
            deployed,
        };
        let of_part = |error: MissingVariable| match &one.part {
            Some(part) => Failure::from(error).about(part),
            None => error.into(),
        };
        let mut plan = make(intent).map_err(of_part)?;
        if let Some(creator) = creator {
            let own = own(one, &plan, creator).await?;
            if !own.is_empty() {
                let deployed = deployed.iter().cloned().chain(own).collect();
                plan = make(Intent { deployed: &deployed, ..intent }).map_err(of_part)?;
            }
        }
        let existing = &observed.existing;
        if target.is_awaited {
            plan.leave_to_deployer();
        } else {
            let applied = cluster::objects(&one.cluster, plan.applied_objects(existing)).await?;
            plan.heed_owners(existing, &applied);
        }
        if !is_wanted {
            plan.notes.push(not_wanted(label, &plan));
        }
        let values = PlaceValues {
            chosen: target.chosen.clone(),
            here: values_here(&live.spec, &target.options.variables),
        };
        let pins = live.pins;
        let running = without_values(app, live.spec, &target.options, &here).await?;
        Ok(Planned { plan, pins, values, running })
    }
}

/// The objects that a plan would leave alone, and that a field manager has created.
async fn own(
    one: &TargetPart,
    plan: &Plan,
    creator: &str,
) -> Result<BTreeSet<(Kind, String)>, Failure> {
    let live = cluster::objects(&one.cluster, plan.leftovers.iter().cloned()).await?;
    let own = live.into_iter().filter(|((kind, _), object)| is_own(*kind, object, creator));
    Ok(own.map(|(key, _)| key).collect())
}

/// Says what becomes of a namespace whose part the set lacks.
fn not_wanted(label: &str, plan: &Plan) -> String {
    if plan.steps.is_empty() && plan.switches.is_empty() {
        format!("{label} has no such part: what is here is left alone")
    } else {
        format!("{label} has no such part: what earlier snapshots brought here is removed")
    }
}

/// Refuses plans of which the API server would refuse a part.
pub(super) fn refuse_blocked(plans: &Plans) -> Result<(), Failure> {
    let blocked: Vec<_> =
        plans.blocked().map(|(part, blocked)| (part.cloned(), blocked.clone())).collect();
    if blocked.is_empty() {
        return Ok(());
    }
    Err(AppError::Blocked { blocked }.into())
}
