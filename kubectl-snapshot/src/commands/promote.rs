//! `promote`: bring a snapshot to a stage, if its policies let it through.

use std::time::Duration;

use clap::Args;
use snapshot_core::{name::StageName, record::Operation, reference::Reference};

use super::{
    exit::Exit,
    global::duration,
    part_args::PartArgs,
    promoting::{self, PromotingArgs},
    session::Session,
};
use crate::{
    app::{Failure, deploy::Candidate},
    commands::complete,
};

/// Bring a snapshot to a stage, if its policies let it through
///
/// Shows the plan, asks every policy of the stage, and applies the snapshot to
/// the stage's namespaces with the stage's variables. What earlier snapshots
/// brought there and this one lacks is removed, be it a whole part. The decision
/// and how it ended are recorded, refusals too. Exits 3 where a policy denies it, 4
/// where one could not decide, or evidence is missing, 6 where something failed and
/// what ran before runs again, 8 where all was written and something else runs, or
/// what runs could not be seen.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What qa tested goes to production
  kubectl snapshot promote rel-43 --to prod

  # May it? Nothing is written, and nothing recorded
  kubectl snapshot promote rel-43 --to prod --dry-run=client

  # In a pipeline, waiting up to an hour for the tests and approvals asked for
  kubectl snapshot promote rel-43 --to prod --yes --wait=1h --reason \"sprint 12\"")]
pub(super) struct PromoteArgs {
    /// A stored name, sha256:DIGEST, stage:STAGE, live:[CONTEXT/]NAMESPACE, a file, a folder, or -
    #[arg(value_name = "REF", add = complete::reference())]
    reference: Reference,
    /// The stage to bring it to
    #[arg(long, value_name = "STAGE", add = complete::stage())]
    to: StageName,
    /// Wait while nothing else is in the way than what may pass by itself, such as evidence or soak time: an hour, or as long as said
    #[arg(long, value_name = "DURATION", value_parser = duration, num_args = 0..=1, default_missing_value = "1h", require_equals = true)]
    wait: Option<Duration>,
    #[command(flatten)]
    part: PartArgs,
    #[command(flatten)]
    promoting: PromotingArgs,
}

/// Decides, deploys, records.
pub(super) async fn run(args: PromoteArgs, session: &Session) -> Result<Exit, Failure> {
    let candidate = Candidate::Named { reference: args.reference, part: args.part.part };
    let stage = args.promoting.to_stage(args.to, Operation::Promotion, args.wait);
    promoting::run(&args.promoting, candidate, stage, session).await
}
