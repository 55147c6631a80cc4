//! Undo: what a run has written that has not come to its end is made what it was before.

use std::time::Duration;

use snapshot_core::{
    cluster_namespace::ClusterNamespace,
    outcome::{Interruption, Outcome, WayBackOutcome},
    parts::{PartName, PartNamespaces},
    plan::{Journal, KeptSwitch, Need, ObjectName, Plans, Removed, Run, WayBack},
    record::Completion,
};

use super::{
    Target,
    journals::{Unfinished, of_unfinished, read, unfinished},
    leases::{refuse_held, release, take_leases},
    ledger::Ledger,
    record_writer::RecordWriter,
    supervise::{Heeds, supervise},
    target::{Named, TargetPart},
    way_back::GoingBack,
};
use crate::{
    app::{App, AppError, Failure},
    cluster::{self, stop},
    store::Store,
};

/// An undoing that is asked for.
#[derive(Debug)]
pub struct UndoRequest {
    /// The namespace of each part, where they are given.
    pub places: Option<PartNamespaces>,
    /// The name that the API server records as the fields' owner.
    pub field_manager: String,
    /// Only show what would be written.
    pub dry_run: bool,
    /// The time that the rollouts may take altogether.
    pub timeout: Duration,
}

/// An undoing, as far as it has come.
#[derive(Debug)]
pub struct Undone {
    /// The run.
    pub run: Run,
    /// Each of its namespaces.
    pub parts: Vec<UndonePart>,
    /// The cause for which nothing new was begun, if there was one.
    pub interruption: Option<Interruption>,
    /// True where every object was looked at in the end, and is what it was.
    pub is_seen: bool,
    /// Number of the older runs there that have not come to their end either.
    pub older: usize,
}

/// An undoing in one namespace.
#[derive(Debug)]
pub struct UndonePart {
    /// The part's alias; none where the set is of one namespace.
    pub part: Option<PartName>,
    /// Namespace that was written to.
    pub target: ClusterNamespace,
    /// The end of each object's way back.
    pub way_back: WayBackOutcome,
}

/// The newest unfinished run in the namespaces of a place.
///
/// # Errors
/// There is none, or it cannot be read.
pub async fn unfinished_run(
    app: &App,
    field_manager: &str,
    places: Option<&PartNamespaces>,
) -> Result<Run, Failure> {
    let store = app.connections.store().await?;
    let named = Named { places, ..Named::default() };
    let target = Target::of_flags(app, &store, field_manager, named).await?;
    Ok(Found::at(&target).await?.run)
}

/// Makes the objects that the newest unfinished run has written what they were before it. Where an
/// older one is left, what ran in between need not get ready: nobody waits for it.
///
/// `show` is told what will be written, and of how many older runs; `confirm` is asked before that.
///
/// # Errors
/// Before the first write: from there on, whatever happens is part of what comes back.
pub async fn undo(
    app: &App,
    request: UndoRequest,
    show: impl Fn(&Plans, usize) -> Result<(), Failure>,
    confirm: impl AsyncFnOnce(&Plans) -> Result<bool, Failure>,
) -> Result<Option<Undone>, Failure> {
    let store = app.connections.store().await?;
    let UndoRequest { places, field_manager, .. } = &request;
    let named = Named { places: places.as_ref(), ..Named::default() };
    let target = Target::of_flags(app, &store, field_manager, named).await?;
    let found = Found::at(&target).await?;
    let way_back = found.way_back(&target);
    let live = look(&target, &way_back).await?;
    let places = target.parts.iter().zip(&live);
    let places = places.map(|(one, live)| (one.part.clone(), one.namespace(), live));
    let plans = way_back.plans(&found.run, places);
    show(&plans, found.older)?;
    if request.dry_run {
        return Ok(None);
    }
    if !plans.is_empty() && !confirm(&plans).await? {
        return Err(Failure::new("nothing was written"));
    }
    let _hold = app.signals.hold()?;
    let brings = format!("what ran before {}", found.run.snapshot);
    let leases = take_leases(app, &target.parts, &brings).await?;
    let ledger = Ledger::new(&plans, false, Vec::new());
    let (switch, stop) = stop();
    let timeout = (found.older == 0).then_some(request.timeout);
    let going = GoingBack { app, target: &target, way_back: &way_back, timeout, ledger: &ledger };
    let work = async {
        going.go(&stop).await;
    };
    let is_done = supervise(app, &leases, work, (&switch, Heeds::Everything), &ledger).await;
    let outcome = ledger.into_outcome();
    found.warn_of_flags(app);
    let is_seen = is_done && is_through(&outcome) && is_as_before(app, &target, &way_back).await;
    if is_seen {
        let of_run: Vec<Unfinished> = found.journals.iter().map(|(one, _)| one.clone()).collect();
        of_unfinished(&target, &of_run).forget(app).await;
        record(app, &store, &found.run).await;
    }
    release(app, leases).await;
    Ok(Some(found.undone(&target, outcome, is_seen)))
}

/// An unfinished run, as it is found.
struct Found {
    run: Run,
    /// Journals of the run, by namespace.
    journals: Vec<(Unfinished, Journal)>,
    /// Number of the older ones.
    older: usize,
}

impl Found {
    /// Says which flags the run was to switch: nobody knows whether it has, and they are left.
    fn warn_of_flags(&self, app: &App) {
        for KeptSwitch { flag, from, to } in self.journals.iter().flat_map(|(_, one)| &one.switches)
        {
            app.observer.warning(&format!(
                "flag {flag} was {from}, and that run was to switch it: it is left as it is, which \
                 may be {to}"
            ));
        }
    }

    /// The newest run in the namespaces of a target.
    async fn at(target: &Target) -> Result<Self, Failure> {
        let journals = read(target, &unfinished(&target.parts).await).await?;
        let Some(run) = journals.last().map(|(_, journal)| journal.run.clone()) else {
            for one in &target.parts {
                refuse_held(&one.cluster).await?;
            }
            let namespaces = target.parts.iter().map(TargetPart::namespace).collect();
            return Err(AppError::NothingUnfinished { namespaces }.into());
        };
        let is_here = |at: &&ClusterNamespace| {
            target.parts.iter().any(|one| one.cluster.namespace() == at.namespace)
        };
        if let Some(missing) = run.namespaces.iter().find(|at| !is_here(at)) {
            let missing = missing.clone();
            return Err(AppError::RunElsewhere { run: Box::new(run), missing }.into());
        }
        let (journals, others): (Vec<_>, Vec<_>) =
            journals.into_iter().partition(|(_, one)| one.run == run);
        let mut older: Vec<Run> = others.into_iter().map(|(_, one)| one.run).collect();
        older.dedup();
        Ok(Self { run, journals, older: older.len() })
    }

    fn way_back(&self, target: &Target) -> WayBack {
        let journal = |at: usize| {
            self.journals.iter().find(|(of, _)| of.at == at).map(|(_, journal)| journal)
        };
        WayBack::of_journals((0..target.parts.len()).map(journal))
    }

    fn undone(self, target: &Target, outcome: Outcome, is_seen: bool) -> Undone {
        let mut interruption = None;
        let mut parts = Vec::new();
        for (one, outcome) in target.parts.iter().zip(outcome.parts) {
            let outcome = outcome.outcome;
            interruption = interruption.or(outcome.interruption);
            if let Some(way_back) = outcome.way_back {
                let (part, target) = (one.part.clone(), one.namespace());
                parts.push(UndonePart { part, target, way_back });
            }
        }
        Undone { run: self.run, parts, interruption, is_seen, older: self.older }
    }
}

/// Looks at the objects of a way back, in each namespace.
async fn look(target: &Target, way_back: &WayBack) -> Result<Vec<Removed>, Failure> {
    let mut live = Vec::new();
    for (one, returns) in target.parts.iter().zip(way_back.parts()) {
        let names = returns.iter().map(|one| ObjectName { kind: one.kind, name: one.name.clone() });
        live.push(cluster::objects(&one.cluster, names).await?);
    }
    Ok(live)
}

fn is_through(outcome: &Outcome) -> bool {
    let ways = outcome.parts.iter().map(|one| one.outcome.way_back.as_ref());
    ways.into_iter().all(|way| way.is_some_and(WayBackOutcome::is_through))
}

/// True where every object of a way back is what it was, as one sees who looks again.
async fn is_as_before(app: &App, target: &Target, way_back: &WayBack) -> bool {
    let live = match look(target, way_back).await {
        Ok(live) => live,
        Err(failure) => {
            app.observer.failure("what runs now could not be seen", &failure);
            return false;
        }
    };
    let parts = way_back.parts().iter().zip(&live);
    parts.into_iter().all(|(returns, live)| {
        returns.iter().all(|one| one.need(live.get(&(one.kind, one.name.clone()))) == Need::Nothing)
    })
}

/// Records the end of a promotion that was undone, where nobody has.
async fn record(app: &App, store: &Store, run: &Run) {
    let Some(stage) = &run.stage else { return };
    let recorded = async {
        let chain = store.chain(stage).await?;
        let open = chain
            .last_attempt()
            .filter(|last| last.ended.is_none() && last.decided.snapshot.digest == run.digest);
        let Some(decision) = open.map(|last| last.link.record.number) else { return Ok(()) };
        let actor = app.connections.connected().await?.actor().await?;
        let mut writer = RecordWriter::new(app, store, &actor, chain);
        let details = vec![format!("the run of {} was undone", run.writer)];
        writer.end(decision, Completion::RolledBack, details).await
    };
    if let Err(failure) = recorded.await {
        let text = format!("the records of stage {stage} do not tell that it was undone");
        app.observer.failure(&text, &failure);
    }
}
