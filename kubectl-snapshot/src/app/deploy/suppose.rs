//! Supposition of a promotion: its question, as it would be asked, and nothing more.

use std::collections::BTreeMap;

use snapshot_core::{
    digest::Digest,
    evidence::Evidence,
    ladder::Ladder,
    name::StageName,
    promotion::{Actor, Deployment, Promotion, StageRef, StageState},
    reference::Reference,
    snapshot::Spec,
    stage::Stage,
};

use super::{
    Candidate, Target,
    ask::{stage_ref, stage_states},
    deployed_objects::{DeployedObjects, deployed_objects},
    prepare::prepare,
    review,
};
use crate::{
    app::{
        App, Failure, author, history::Histories, resolve::resolve, resolved::ResolvedDocument,
        stages,
    },
    policies::{Facts, Past, Place, Question, Wanted},
    sources::git::Counting,
    store::{Stages, Store},
};

/// A promotion that somebody might want.
#[derive(Clone, Debug)]
pub struct Supposed {
    /// Target stage.
    pub stage: StageName,
    /// User who would ask; else the one who does.
    pub actor: Option<Actor>,
    /// Reason in the user's words.
    pub reason: Option<String>,
    /// Facts beside those that are recorded.
    pub evidence: Vec<Evidence>,
}

/// Owner of the fields, of which none is written here.
const NOBODY: &str = "kubectl-snapshot";

/// The question of a promotion that is supposed, with the details that are wanted.
///
/// What is recorded and what runs is read where a store knows stages; of files alone nothing is
/// known but what is supposed.
pub async fn suppose(
    app: &App,
    reference: &Reference,
    against: Option<&Reference>,
    supposed: Supposed,
    wanted: &Wanted,
) -> Result<Question, Failure> {
    let store = app.connections.store_if_any().await?;
    let stages = match &store {
        Some(store) => store.stages().await?,
        None => Stages::default(),
    };
    let Some(store) = store.filter(|_| !stages.is_empty()) else {
        app.observer.status(&format!("no stages are known: {} is the only one", supposed.stage));
        return of_sets(app, reference, against, None, supposed, wanted).await;
    };
    let ladder = stages.ladder();
    let stage = stages::named(stages, &supposed.stage, &store)?;
    if let Some(fault) = ladder.fault_of(&stage.name) {
        app.observer.warning(&format!("{fault}: a promotion there is undecided"));
    }
    let past = (&store, &ladder, &stage);
    if against.is_none() && app.connections.cluster().await.is_ok() {
        return of_live(app, reference, past, supposed, wanted).await;
    }
    of_sets(app, reference, against, Some(past), supposed, wanted).await
}

/// A stage of a store, and the ladder that it belongs to.
type StageOf<'a> = (&'a Store, &'a Ladder, &'a Stage);

/// Asks of what runs at the stage, and of what would be written there.
async fn of_live(
    app: &App,
    reference: &Reference,
    (store, ladder, stage): StageOf<'_>,
    supposed: Supposed,
    wanted: &Wanted,
) -> Result<Question, Failure> {
    let mut target = Target::of_stage(app, store, NOBODY, (ladder, stage.clone())).await?;
    target.is_awaited = stage.is_awaited();
    let chain = store.chain(&stage.name).await?;
    let candidate = Candidate::Named { reference: reference.clone(), part: None };
    let candidate = candidate.find(app, store, &target, Some(&chain)).await?;
    let deployed = if target.is_awaited {
        DeployedObjects::default()
    } else {
        deployed_objects(app, store, &chain, (&target, &candidate)).await?
    };
    let prepared =
        prepare(app, store, &target, candidate, &deployed, target.pin(None, None)).await?;
    let digest = prepared.candidate.document.digest();
    let known = Known::read(app, (store, ladder, stage), &digest, supposed.evidence).await?;
    let facts = review::facts(app, &target, &prepared, Some(known.past()));
    let promotion = known.promotion(app, supposed.actor, supposed.reason).await;
    Ok(facts.promotion(&promotion).tell(&facts, wanted))
}

/// Asks of sets alone: where the candidate would go, nobody looks.
async fn of_sets(
    app: &App,
    reference: &Reference,
    against: Option<&Reference>,
    place: Option<StageOf<'_>>,
    supposed: Supposed,
    wanted: &Wanted,
) -> Result<Question, Failure> {
    if against.is_none() {
        app.observer.status(&format!("nothing is known to run at {}", supposed.stage));
    }
    let references: Vec<&Reference> = [reference].into_iter().chain(against).collect();
    let found = resolve(app, &references).await?.into_iter().map(ResolvedDocument::one);
    let found = found.collect::<Result<Vec<_>, Failure>>()?;
    let (candidate, running) = (&found[0], found.get(1));
    let digest = candidate.snapshot.spec.digest();
    let (known, values) = match place {
        Some(place) => (
            Known::read(app, place, &digest, supposed.evidence).await?,
            Some(stages::values(app, &supposed.stage).await?),
        ),
        None => (Known::alone(&supposed.stage, supposed.evidence), None),
    };
    let sets: Vec<&Spec> = found.iter().map(|one| &one.snapshot.spec).collect();
    let store = app.connections.store_if_any().await.ok().flatten();
    let histories = Histories::of(app, store.as_ref(), &sets).await;
    let before = sets.get(1).copied();
    let ancestry = histories.ancestry(&[(before, sets[0])], Counting::OrderAlone).await;
    let pins = BTreeMap::new();
    let facts = Facts {
        ancestry: &ancestry,
        name: &candidate.label,
        candidate: &candidate.snapshot,
        running: running.map(|one| (one.label.as_str(), &one.snapshot)),
        now: app.clock.unix_seconds(),
        captured: app
            .clock
            .captured(&candidate.snapshot.metadata, running.map(|one| &one.snapshot.metadata)),
        place: values.as_ref().map(|values| Place {
            values,
            pins: &pins,
            written: None,
            will_run: None,
        }),
        past: Some(known.past()),
    };
    let promotion = known.promotion(app, supposed.actor, supposed.reason).await;
    Ok(Question::promotion(&facts, &promotion).tell(&facts, wanted))
}

/// Everything that is recorded, with what is supposed.
struct Known {
    target: StageRef,
    ladder: Vec<StageRef>,
    deployments: Vec<Deployment>,
    stages: Vec<StageState>,
    evidence: Vec<Evidence>,
}

impl Known {
    fn alone(stage: &StageName, evidence: Vec<Evidence>) -> Self {
        let target = StageRef { name: stage.clone(), after: Vec::new() };
        let stages = vec![StageState { stage: stage.clone(), runs: None }];
        Self { ladder: vec![target.clone()], target, deployments: Vec::new(), stages, evidence }
    }

    async fn read(
        app: &App,
        (store, ladder, stage): StageOf<'_>,
        candidate: &Digest,
        supposed: Vec<Evidence>,
    ) -> Result<Self, Failure> {
        let chains = store.chains().await?;
        let mut evidence = store.evidence(candidate).await?.facts;
        evidence.extend(supposed);
        let deployments =
            chains.values().flat_map(|chain| chain.deployments(|at| app.clock.read(at)));
        Ok(Self {
            target: stage_ref(stage),
            ladder: ladder.stages().iter().map(stage_ref).collect(),
            deployments: deployments.collect(),
            stages: stage_states(app, ladder, &chains),
            evidence,
        })
    }

    fn past(&self) -> Past<'_> {
        Past { stages: &self.stages, evidence: &self.evidence }
    }

    async fn promotion(
        &self,
        app: &App,
        actor: Option<Actor>,
        reason: Option<String>,
    ) -> Promotion {
        Promotion {
            target: self.target.clone(),
            ladder: self.ladder.clone(),
            deployments: self.deployments.clone(),
            evidence: self.evidence.clone(),
            actor: match actor {
                Some(actor) => actor,
                None => whoever_asks(app).await,
            },
            reason,
        }
    }
}

/// The user, as far as anybody knows.
async fn whoever_asks(app: &App) -> Actor {
    if let Ok(cluster) = app.connections.connected().await
        && let Ok(actor) = cluster.actor().await
    {
        return actor;
    }
    Actor { name: author(app).await.unwrap_or_default(), groups: Vec::new() }
}
