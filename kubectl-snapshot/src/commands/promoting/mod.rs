//! Promotion of a snapshot to a stage: decision, deployment and
//! records. What promote and rollback have in common.

mod bring;
mod brought;
mod candidate;
mod decide;
mod keep;
mod ledger;
mod patience;
mod review;

use std::time::Duration;

use clap::Args;

use super::{
    deploying::{DeployArgs, Place, Prepared, prepare, refuse_blocked},
    exit::Exit,
    failure::Failure,
    session::Session,
    stage::named,
};
use crate::{cluster::ClusterError, store::Store};
pub(super) use candidate::Wanted;
use ledger::Ledger;
use snapshot_core::{
    digest::Digest,
    name::StageName,
    promotion::Actor,
    record::{Chain, Way},
    stage::{Stage, in_order},
};

/// Flags of every command that changes a stage.
#[derive(Args, Debug)]
pub(super) struct PromotingArgs {
    /// Why, in a sentence: it is recorded, and policies may ask for it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Do it although policies refuse it; needs a reason, and the right to override at the stage
    #[arg(long = "override", requires = "reason")]
    overriding: bool,
    #[command(flatten)]
    deploy: DeployArgs,
}

/// Request to bring a set to a stage.
pub(super) struct Request<'a> {
    pub(super) way: Way,
    pub(super) wanted: Wanted,
    pub(super) stage: &'a StageName,
    /// Time to wait for evidence.
    pub(super) patience: Option<Duration>,
    pub(super) args: &'a PromotingArgs,
}

/// Reads, asks, decides, records, brings, and records again.
pub(super) async fn run(request: Request<'_>, session: &Session) -> Result<Exit, Failure> {
    let deploy = &request.args.deploy;
    let store = session.store().await?;
    let ladder = in_order(store.stages().await?)?;
    let stage = named(&ladder, request.stage, &store)?;
    let place = Place::of_stage(session, &store, &deploy.field_manager, stage.clone()).await?;
    let chain = store.chain(&stage.name).await?;
    let found = request.wanted.find(session, &store, &place, &chain).await?;
    let brought = brought::objects(session, &store, &chain, &found).await?;
    let prepared = prepare(session, &place, found, &brought).await?;
    let actor = session.actor().await?;
    let case =
        Case { request: &request, session, store, ladder, stage, chain, place, prepared, actor };

    if deploy.is_table() {
        session.show(&case.prepared.plan, &deploy.output)?;
    }
    refuse_blocked(&case.prepared.plan)?;
    let review = case.review().await?;
    let review = match request.patience {
        Some(patience) if deploy.dry_run.is_none() => case.wait(review, patience).await?,
        _ => review,
    };
    case.decide(review).await
}

/// Everything that is known of one promotion.
struct Case<'a> {
    request: &'a Request<'a>,
    session: &'a Session,
    store: Store,
    ladder: Vec<Stage>,
    stage: Stage,
    /// Chain as it was before anything was decided: whoever adds to it meanwhile is
    /// noticed.
    chain: Chain,
    place: Place,
    prepared: Prepared,
    actor: Actor,
}

impl Case<'_> {
    fn deploy(&self) -> &DeployArgs {
        &self.request.args.deploy
    }

    fn ledger(&self) -> Ledger<'_> {
        Ledger::new(self.session, &self.store, &self.actor, self.chain.clone())
    }

    fn running(&self) -> Digest {
        self.prepared.running.spec.digest()
    }
}

impl Session {
    /// User who asks, as the API server knows them.
    async fn actor(&self) -> Result<Actor, ClusterError> {
        self.connected().await?.actor().await
    }
}
