//! Promotions: the arguments that promote and rollback share.

use std::time::Duration;

use clap::Args;
use snapshot_core::{name::StageName, plan::KeptPlan, record::Operation};

use super::{
    deploying::{self, DeployArgs},
    exit::Exit,
    session::Session,
};
use crate::app::{
    Failure,
    deploy::{Candidate, Destination, StageRequest},
};

/// Arguments of a change to a stage.
#[derive(Args, Debug)]
pub struct PromotingArgs {
    /// Why, in a sentence: it is recorded, and policies may ask for it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Do it although policies refuse it; needs a reason, and the right to override at the stage
    #[arg(long = "override", requires = "reason")]
    overriding: bool,
    /// Write nothing, and wait until the stage runs the snapshot: its own deployer brings it, by a commit
    #[arg(long = "await", conflicts_with_all = ["plan", "plan_out", "no_rollback", "keep_going"])]
    awaits: bool,
    #[command(flatten)]
    deploy: DeployArgs,
}

impl PromotingArgs {
    /// The plan that is to be carried out, if one is.
    pub async fn planned(&self) -> Result<Option<KeptPlan>, Failure> {
        self.deploy.kept.read().await
    }

    /// The request of a stage to run a set.
    pub fn to_stage(
        &self,
        stage: StageName,
        operation: Operation,
        evidence_wait: Option<Duration>,
    ) -> StageRequest {
        let (reason, overriding) = (self.reason.clone(), self.overriding);
        let awaits = self.awaits;
        StageRequest { stage, operation, reason, overriding, evidence_wait, awaits }
    }
}

/// Deploys to a stage, and always waits for what runs there.
pub async fn run(
    args: &PromotingArgs,
    (candidate, stage): (Candidate, StageRequest),
    planned: Option<KeptPlan>,
    session: &Session,
) -> Result<Exit, Failure> {
    let what = (candidate, Destination::Stage(stage));
    deploying::run(&args.deploy, what, planned, true, session).await
}
