//! Status of stages: what runs at each, beside what was last promoted there.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};
use snapshot_core::{
    diff,
    ladder::Ladder,
    name::StageName,
    parts::{Document, PartName},
    plan::ObjectName,
    record::Chain,
    snapshot::Snapshot,
    stage::Stage,
    status::{Drift, StageState, StageStatus, behind, drifts},
};

use super::{
    App, AppError, Failure, document_as_captured_now,
    flag_systems::observe_within,
    live::{LISTS, NAMESPACES},
    read::{ReadOptions, finish, variable_names},
    resolved::ResolvedDocument,
};
use crate::{
    cluster::{self, Cluster, ListRoom, NamespaceState},
    store::Store,
};

/// Objects of one namespace of which it is asked who has written them.
const ASKED: usize = 100;

/// Status of the stages of these names, or of all, each after those before it.
///
/// # Errors
/// The store cannot be read, or has no such stage. What is wrong with one stage is its status.
pub async fn status(app: &App, wanted: &[StageName]) -> Result<Vec<StageStatus>, Failure> {
    let store = app.connections.store().await?;
    let stages = store.stages().await?;
    let ladder = stages.ladder();
    let wanted: BTreeSet<&str> = wanted.iter().map(AsRef::as_ref).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.contains(name);
    let known = |name: &str| {
        ladder.stages().iter().any(|stage| stage.name.as_ref() == name)
            || stages.broken.iter().any(|stage| stage.name == name)
    };
    if let Some(stage) = wanted.iter().find(|name| !known(name)) {
        let known = ladder.stages().iter().map(|stage| stage.name.clone()).collect();
        let stage = stage.parse().map_err(Failure::of)?;
        return Err(AppError::NoStage { stage, place: store.place(), known }.into());
    }
    let chains = store.chains().await?;
    let options =
        ReadOptions { variables: variable_names(app, &store).await?, ..ReadOptions::default() };
    let room = ListRoom::of(LISTS);
    let look = Look { app, store: &store, ladder: &ladder, chains: &chains, options, room };
    let readable = ladder.stages().iter().filter(|stage| is_wanted(stage.name.as_ref()));
    let mut all: Vec<StageStatus> =
        stream::iter(readable).map(|stage| look.at(stage)).buffered(NAMESPACES).collect().await;
    let broken = stages.broken.into_iter().filter(|stage| is_wanted(&stage.name));
    all.extend(
        broken.map(|stage| StageStatus::unknown(&stage.name, Failure::from(stage.error).message)),
    );
    Ok(all)
}

/// A look at stages, with all that the store knows of them.
struct Look<'a> {
    app: &'a App,
    store: &'a Store,
    ladder: &'a Ladder,
    chains: &'a BTreeMap<StageName, Chain>,
    options: ReadOptions,
    room: ListRoom,
}

impl Look<'_> {
    async fn at(&self, stage: &Stage) -> StageStatus {
        let mut status = self.recorded(stage);
        if status.state != StageState::Unknown && status.snapshot.is_some() {
            match self.drift(stage, &status).await {
                Ok(drift) if drift.is_empty() => {}
                Ok(drift) => (status.drift, status.state) = (drift, StageState::Drifted),
                Err(failure) => {
                    status.notes.insert(0, failure.message);
                    status.state = StageState::Unknown;
                }
            }
        }
        status
    }

    /// Status by the records alone.
    fn recorded(&self, stage: &Stage) -> StageStatus {
        let mut status = StageStatus::recorded(&stage.name);
        let chain = self.chains.get(&stage.name);
        if let Some(deployed) = chain.and_then(Chain::deployed) {
            let links = chain.into_iter().flat_map(|chain| &chain.links);
            let mut records = links.map(|link| &link.record);
            let record = records.find(|record| record.number == deployed.record);
            status.since = record.map(|record| record.at.clone());
            status.record = Some(deployed.record);
            status.snapshot = Some(deployed.snapshot);
            status.state = StageState::InStep;
            status.notes.extend(deployed.doubt);
        }
        status.notes.extend(chain.and_then(Chain::never_whole));
        let here = status.snapshot.as_ref().map(|snapshot| snapshot.digest);
        let before = stage.after.iter().filter_map(|name| self.chains.get(name));
        status.behind = before.filter_map(|chain| behind(here.as_ref(), chain)).collect();
        if status.state == StageState::InStep && !status.behind.is_empty() {
            status.state = StageState::Behind;
        }
        let fault = self.ladder.fault_of(&stage.name).map(ToString::to_string);
        let distrust = chain.and_then(Chain::distrust);
        if fault.is_some() || distrust.is_some() {
            status.state = StageState::Unknown;
            status.notes = fault.into_iter().chain(distrust).chain(status.notes).collect();
        }
        status
    }

    /// All that is other in a stage's namespaces than in the set that was promoted.
    async fn drift(&self, stage: &Stage, status: &StageStatus) -> Result<Vec<Drift>, Failure> {
        let Some(promoted) = &status.snapshot else { return Ok(Vec::new()) };
        let head = self.store.find(&promoted.digest.to_string()).await?;
        let document = self.store.load(&head, &|_, _| ()).await?;
        let label = promoted.name.clone().unwrap_or_else(|| promoted.digest.short());
        let found = ResolvedDocument { label, document };
        let found = document_as_captured_now(self.app, found, &self.options).await?;
        let mut all = Vec::new();
        for (part, at) in stage.namespaces.iter() {
            let connections = &self.app.connections;
            let cluster =
                connections.connected_at(at.context.as_deref()).await?.in_namespace(&at.namespace);
            let Some(set) = set_of(&found.document, part) else { continue };
            let name = (found.label.as_str(), part);
            all.extend(self.drift_in(&stage.name, &cluster, set, name).await?);
        }
        if let Some(part) = unplaced(&found.document, stage) {
            let text =
                format!("{} has a part {part}, and the stage no namespace for it", found.label);
            return Err(Failure::new(text));
        }
        Ok(all)
    }

    async fn drift_in(
        &self,
        stage: &StageName,
        cluster: &Cluster,
        set: &Snapshot,
        (label, part): (&str, Option<&PartName>),
    ) -> Result<Vec<Drift>, Failure> {
        let options = self.options.to_capture(true);
        let (app, demand) = (self.app, self.options.demand);
        let observed = observe_within(app, cluster, options, demand, &self.room, &|_| ()).await?;
        match cluster.namespace_state().await? {
            NamespaceState::There | NamespaceState::Hidden(_) => {}
            NamespaceState::Ending => {
                let text = format!("the namespace {} is being deleted", cluster.namespace());
                return Err(Failure::new(text));
            }
            NamespaceState::Missing => {
                let text = format!("there is no namespace {}", cluster.namespace());
                return Err(Failure::new(text));
            }
        }
        for warning in &observed.warnings {
            self.app.observer.warning(&format!("{stage}: {warning}"));
        }
        let source = format!("live:{}", cluster.namespace());
        let now = finish(self.app, observed.assembly, source.clone()).await?;
        let diff = diff::compare([label, &source], set, &now).with_pods(&set.spec, &now.spec);
        let mut found = drifts(part, &diff.without_additions());
        let keys: BTreeSet<_> = found.iter().filter_map(|one| one.key.clone()).collect();
        let names = keys.into_iter().take(ASKED).map(|(kind, name)| ObjectName { kind, name });
        let objects = cluster::objects(cluster, names).await?;
        for one in &mut found {
            if let Some(object) = one.key.as_ref().and_then(|key| objects.get(key)) {
                one.attribute(object);
            }
        }
        Ok(found)
    }
}

/// The set of one namespace of a stage.
fn set_of<'a>(document: &'a Document, part: Option<&PartName>) -> Option<&'a Snapshot> {
    document.sets().find(|(name, _)| *name == part).map(|(_, set)| set)
}

/// A part that the stage has no namespace for.
fn unplaced(document: &Document, stage: &Stage) -> Option<String> {
    let has = |part: Option<&PartName>| stage.namespaces.iter().any(|(name, _)| name == part);
    let (part, _) = document.sets().find(|(part, _)| !has(*part))?;
    Some(part.map_or_else(|| "of no name".to_owned(), ToString::to_string))
}
