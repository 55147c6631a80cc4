//! `rollback`: bring a stage back to what ran there before.

use clap::Args;
use snapshot_core::{name::StageName, record::Operation, reference::Reference};

use super::{
    deploying::candidate,
    exit::Exit,
    promoting::{self, PromotingArgs},
    session::Session,
};
use crate::{
    app::{Failure, deploy::Candidate},
    commands::complete,
};

/// Bring a stage back to what ran there before
///
/// Goes back to the snapshot before the last one that succeeded, or, where
/// something failed since, to the last one that did. It is a promotion with a
/// record of its own: its plan says what gets older, and the policies are asked.
/// Images, environment, flags and ConfigMaps go back, and what was added since is
/// removed; variables stay those of the stage.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Production fails: back to what ran before
  kubectl snapshot rollback prod --reason \"checkout fails\"

  # To a snapshot that ran long ago
  kubectl snapshot rollback prod --to rel-40 --reason \"since rel-41, carts are lost\"

  # A policy refuses it, and there is no time to talk
  kubectl snapshot rollback prod --override --reason \"shop is down\"")]
pub(super) struct RollbackArgs {
    /// The stage
    #[arg(add = complete::stage())]
    stage: StageName,
    /// The snapshot to go back to [default: that of the plan, else the one before]
    #[arg(long, value_name = "REF", add = complete::reference())]
    to: Option<Reference>,
    #[command(flatten)]
    promoting: PromotingArgs,
}

/// Decides, deploys, records.
pub(super) async fn run(args: RollbackArgs, session: &Session) -> Result<Exit, Failure> {
    let planned = args.promoting.planned().await?;
    let named = args.to.map(|reference| (reference, None));
    let candidate = candidate(named, planned.as_ref()).unwrap_or(Candidate::Before);
    let stage = args.promoting.to_stage(args.stage, Operation::Rollback, None);
    promoting::run(&args.promoting, (candidate, stage), planned, session).await
}
