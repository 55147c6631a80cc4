//! `promote`: bring a snapshot to a stage, if its policies let it through.

use std::time::Duration;

use clap::Args;
use snapshot_core::{name::StageName, record::Operation, reference::Reference};

use super::{
    deploying::candidate,
    exit::Exit,
    global::duration,
    part_args::PartArgs,
    promoting::{self, PromotingArgs},
    session::Session,
};
use crate::{app::Failure, commands::complete};

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

  # Have the plan looked at, and carry out exactly that, or refuse
  kubectl snapshot promote rel-43 --to prod --plan-out plan.json
  kubectl snapshot promote --plan plan.json

  # In a pipeline, waiting up to an hour for the tests and approvals asked for
  kubectl snapshot promote rel-43 --to prod --yes --wait=1h --reason \"sprint 12\"")]
pub(super) struct PromoteArgs {
    /// The set; with --plan that of the plan, where it is stored: a stored name, sha256:DIGEST, stage:STAGE, live:[CONTEXT/]NAMESPACE, a file, a folder, or -
    #[arg(value_name = "REF", required_unless_present = "plan", add = complete::reference())]
    reference: Option<Reference>,
    /// The stage to bring it to; with --plan that of the plan
    #[arg(long, value_name = "STAGE", required_unless_present = "plan", add = complete::stage())]
    to: Option<StageName>,
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
    let planned = args.promoting.planned().await?;
    let named = args.reference.map(|reference| (reference, args.part.part));
    let missing = || Failure::usage("a REF is missing");
    let candidate = candidate(named, planned.as_ref()).ok_or_else(missing)?;
    let of_plan = planned.as_ref().and_then(|planned| planned.stage.clone());
    let to = args.to.or(of_plan).ok_or_else(|| {
        Failure::usage("the plan is not for a stage")
            .hint("--to names one; apply takes plans of apply")
    })?;
    let stage = args.promoting.to_stage(to, Operation::Promotion, args.wait);
    promoting::run(&args.promoting, (candidate, stage), planned, session).await
}
