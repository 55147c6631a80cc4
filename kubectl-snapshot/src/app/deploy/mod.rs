//! Deploying: the one procedure behind apply, promote and rollback.
//!
//! plan → refuse what cannot be made → evaluate → gate → dry run → confirm → execute → outcome

mod ask;
mod awaiting;
mod candidate;
mod deployed_objects;
mod deployment;
mod execute;
mod journals;
mod kept;
mod leases;
mod ledger;
mod options;
mod prepare;
mod promotion;
mod reading;
mod record_writer;
mod rehearse;
mod retain;
mod review;
mod rights;
mod rollouts;
mod supervise;
mod suppose;
mod switching;
mod target;
mod undo;
mod verify;
mod wait;
mod way_back;

use std::time::Duration;

use snapshot_core::{
    ladder::Ladder,
    name::StageName,
    parts::PartNamespaces,
    pin::Pin,
    plan::{KeptPlan, Plans, Run, gate},
    record::{Chain, Operation},
    stage::Stage,
};

pub use candidate::Candidate;
pub use deployment::{Deployment, Export};
pub use options::OnFailure;
pub use rollouts::wait_for_all;
pub use suppose::{Supposed, suppose};
pub use undo::{UndoRequest, Undone, UndonePart, undo, unfinished_run};

use self::{
    execute::{Execution, Sides},
    journals::{Journals, of_unfinished, unfinished, warn_of_unfinished},
    leases::warn_of_killed,
    options::{ExecuteOptions, Waiting},
    prepare::{Prepared, prepare, refuse_blocked},
    promotion::Promotion,
    review::Review,
    rights::refuse_forbidden,
    switching::{refuse_unswitchable, try_out},
    target::{Named, Target},
};
use super::{App, Failure, evaluate::PolicyChoice, stages::named};
use crate::{cluster, store::Store};

/// A deployment that is asked for.
#[derive(Debug)]
pub struct Request {
    /// The set that is to run.
    pub candidate: Candidate,
    /// Destination of the set.
    pub destination: Destination,
    /// The name that the API server records as the fields' owner.
    pub field_manager: String,
    /// The policies to ask, besides those that are bound.
    pub policies: PolicyChoice,
    /// The images that are written with their digests, where the user says.
    pub pin: Option<Pin>,
    /// Remove what this tool has created there, and the set lacks.
    pub prune: bool,
    /// Plan that is to be carried out exactly as it was kept, if any.
    pub planned: Option<KeptPlan>,
    /// True where the plan is wanted, to keep it.
    pub keeps_plan: bool,
    /// The place where the writes are checked without being made, if any.
    pub dry_run: Option<DryRun>,
    /// Wait for the rollouts, and look at what runs then.
    pub wait: bool,
    /// The time that the rollouts may take altogether.
    pub timeout: Duration,
    /// The answer to something that goes wrong.
    pub on_failure: OnFailure,
}

impl Request {
    /// True where what this tool has created there, and the set lacks, is removed.
    fn prunes(&self) -> bool {
        self.prune || self.planned.as_ref().is_some_and(|planned| planned.prune)
    }
}

/// The destination of a deployment.
#[derive(Debug)]
pub enum Destination {
    /// The namespaces that are meant, without a record.
    Namespaces {
        /// The namespace of each part, where they are given.
        places: Option<PartNamespaces>,
        /// The variable set to take values from; else the stage's, if it is one.
        variables: Option<String>,
    },
    /// The namespaces of a stage, without a record.
    NamespacesOf(StageName),
    /// A stage, whose policies are asked and whose records tell of it.
    Stage(StageRequest),
}

/// A promotion or rollback that is asked for.
#[derive(Debug)]
pub struct StageRequest {
    /// The stage.
    pub stage: StageName,
    /// Promotion or rollback.
    pub operation: Operation,
    /// The reason, in the user's words.
    pub reason: Option<String>,
    /// Do it although policies refuse it.
    pub overriding: bool,
    /// The time to wait for evidence, if any.
    pub evidence_wait: Option<Duration>,
    /// Write nothing there, and wait until it runs the set: its own deployer brings it.
    pub awaits: bool,
}

/// The place where the writes of a dry run are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DryRun {
    /// Here: nothing is sent.
    Client,
    /// In the API server, which keeps none.
    Server,
}

/// A point of the procedure at which there is something to show.
#[derive(Clone, Copy, Debug)]
pub enum Milestone<'a> {
    /// The plan is made.
    Planned(&'a Plans),
    /// The policies have let it through.
    Decided(&'a Deployment),
}

/// Makes a place run a set, or says why not.
///
/// `show` is told of each milestone; `confirm` is asked before the first write.
///
/// # Errors
/// Before the first write: from there on, whatever happens is part of the deployment.
pub async fn deploy(
    app: &App,
    request: Request,
    show: impl Fn(Milestone<'_>) -> Result<(), Failure>,
    confirm: impl AsyncFnOnce(&Plans) -> Result<bool, Failure>,
) -> Result<Deployment, Failure> {
    let store = app.connections.store().await?;
    let (mut target, stage) = place(app, &store, &request).await?;
    let chain = stage.as_ref().map(|(.., chain)| chain);
    let candidate = request.candidate.find(app, &store, &target, chain).await?;
    target.heed(&candidate.document);
    let deployed =
        deployed_objects::find(app, &store, (&request, chain), (&target, &candidate)).await?;
    let pin = target.pin(request.pin, request.planned.as_ref().map(|planned| planned.pin));
    let mut prepared = prepare(app, &store, &target, candidate, &deployed, pin).await?;
    let promotion = match stage {
        Some((asked, ladder, stage, chain)) => {
            let actor = app.connections.connected().await?.actor().await?;
            Some(Promotion { app, store: &store, asked, ladder, stage, chain, actor })
        }
        None => None,
    };
    let kept = kept::kept(&request, &target, &mut prepared, pin)?;
    let unfinished = told_unfinished(app, &target, &prepared.plans).await;
    show(Milestone::Planned(&prepared.plans))?;
    refuse_blocked(&prepared.plans)?;
    refuse_unswitchable(&prepared.plans, request.wait)?;

    let review = match &promotion {
        None => {
            let policies = &request.policies;
            ask::without_promotion(app, &store, policies, &target, &prepared).await?
        }
        Some(promotion) => {
            let waits = request.dry_run.is_none();
            promotion.review(&request.policies, &target, &prepared, waits).await?
        }
    };
    let overriding = match &promotion {
        Some(promotion) => promotion.may_override(review.verdict).await?,
        None => None,
    };
    let gated = gate(prepared.plans.clone(), review.answers.reports.clone(), overriding);
    let mut deployment = Deployment::of(&request.destination, &target, &prepared, &review, &gated);
    deployment.kept = kept;
    let Ok(approved) = gated else {
        if let (Some(promotion), None) = (&promotion, request.dry_run) {
            let _hold = app.signals.hold()?;
            deployment.records = promotion.record_refusal(&target, &prepared, &review).await?;
        }
        return Ok(deployment);
    };
    show(Milestone::Decided(&deployment))?;
    if request.dry_run == Some(DryRun::Client) {
        return Ok(deployment);
    }
    if let Some(promotion) = promotion.as_ref().filter(|_| target.is_awaited) {
        let decided = (&prepared, &review);
        return promotion.wait_for_arrival(&target, decided, deployment, request.timeout).await;
    }
    refuse_forbidden(&target, approved.plans()).await?;
    let trial = request.dry_run.is_some();
    if trial {
        try_out(app, &target, approved.plans()).await?;
    }
    let asks = !trial && !approved.plans().is_empty();
    if asks && !confirm(approved.plans()).await? {
        return Err(Failure::new("nothing was written"));
    }
    let sets = target.sets(&prepared.candidate)?;
    let options = options(&request, promotion.as_ref(), &prepared);
    // What was written has to be told, and what was decided has to end, whatever comes.
    let _hold = app.signals.hold()?;
    let run = run_of(app, promotion.as_ref(), &prepared);
    let execution = Execution::begin(app, &target, (&approved, &run), options, unfinished).await?;
    let recorded = match &promotion {
        Some(promotion) if !trial => {
            let ruling = deployment.decision;
            Some(promotion.record_decision(&target, &prepared, &review, ruling).await)
        }
        Some(_) | None => None,
    };
    let recorded = match recorded.transpose() {
        Ok(recorded) => recorded,
        Err(failure) => {
            execution.abandon().await;
            return Err(failure);
        }
    };
    let (label, before) = (&prepared.candidate.label, prepared.before());
    let outcome = execution.run(Sides { label, sets: &sets, before: &before }).await;
    if let Some(mut writer) = recorded {
        deployment.is_end_missing = !writer.end_of(&outcome).await;
        deployment.records = writer.numbers();
    }
    deployment.outcome = Some(outcome);
    Ok(deployment)
}

/// The stage of a promotion, with all that is known of it.
type AtStage<'a> = (&'a StageRequest, Ladder, Stage, Chain);

/// The place that a request means, and its stage, where it is a promotion.
async fn place<'a>(
    app: &App,
    store: &Store,
    request: &'a Request,
) -> Result<(Target, Option<AtStage<'a>>), Failure> {
    let (field_manager, planned) = (&request.field_manager, request.planned.as_ref());
    Ok(match &request.destination {
        Destination::Namespaces { variables, places } => {
            let named = Named { variables: variables.as_deref(), places: places.as_ref(), planned };
            let target = Target::of_flags(app, store, field_manager, named).await?;
            awaiting::warn_of_deployer(app, &target);
            (target, None)
        }
        Destination::NamespacesOf(name) => {
            let stages = store.stages().await?;
            let ladder = stages.ladder();
            let stage = named(stages, name, store)?;
            (Target::of_stage(app, store, field_manager, (&ladder, stage)).await?, None)
        }
        Destination::Stage(asked) => {
            let stages = store.stages().await?;
            let ladder = stages.ladder();
            let stage = named(stages, &asked.stage, store)?;
            let at = (&ladder, stage.clone());
            let is_awaited = awaiting::is_awaited(app, request, &stage, asked.awaits)?;
            let mut target = Target::of_stage(app, store, field_manager, at).await?;
            target.is_awaited = is_awaited;
            let chain = store.chain(&asked.stage).await?;
            (target, Some((asked, ladder, stage, chain)))
        }
    })
}

/// Journals of the runs that did not come to their end at a target, which are told of.
async fn told_unfinished(app: &App, target: &Target, plans: &Plans) -> Journals {
    let unfinished = unfinished(&target.parts).await;
    if unfinished.is_empty() {
        warn_of_killed(app, &target.parts, plans).await;
    } else {
        warn_of_unfinished(app, target, &unfinished).await;
    }
    of_unfinished(target, &unfinished)
}

/// The run that carries out what is prepared.
fn run_of(app: &App, promotion: Option<&Promotion<'_>>, prepared: &Prepared) -> Run {
    let plans = &prepared.plans;
    Run {
        writer: cluster::identity(),
        begun: app.clock.now(),
        snapshot: plans.snapshot.clone(),
        digest: plans.digest,
        before: prepared.running.digest(),
        stage: promotion.map(|promotion| promotion.stage.name.clone()),
        namespaces: plans.targets().cloned().collect(),
    }
}

/// The way in which the writes are made, and what is done where one fails.
fn options(
    request: &Request,
    promotion: Option<&Promotion<'_>>,
    prepared: &Prepared,
) -> ExecuteOptions {
    let wanted = request.on_failure;
    ExecuteOptions {
        trial: request.dry_run.is_some(),
        waiting: waiting(request.wait, promotion, prepared),
        timeout: request.timeout,
        on_failure: promotion.map_or(wanted, |one| one.on_failure(wanted)),
    }
}

/// The rollouts that are waited for, where anybody `waits`.
fn waiting(waits: bool, promotion: Option<&Promotion<'_>>, prepared: &Prepared) -> Waiting {
    match promotion {
        _ if !waits => Waiting::No,
        Some(promotion) if promotion.has_open_rollouts(prepared) => Waiting::ForAll,
        Some(_) | None => Waiting::ForWritten,
    }
}
