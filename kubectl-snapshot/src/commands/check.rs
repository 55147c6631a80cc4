//! `check`: do these versions and flags work together?

use clap::Args;
use snapshot_core::{name::StageName, reference::Reference};

use super::{
    alias_args::AliasArgs, checking::Checking, exit::Exit, output::FileOutputArgs,
    part_args::PartArgs, policy_args::PolicyArgs, session::Session,
};
use crate::{
    app::{Failure, resolve::resolve_at},
    commands::complete,
};

/// Run the compatibility policies over a snapshot
///
/// Exits 0 where nothing speaks against it, 3 where a policy denies it, 4
/// where a policy could not decide.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Do the versions and flags of rel-42 work together?
  kubectl snapshot check rel-42

  # And while they replace what runs in production?
  kubectl snapshot check rel-42 --against live:prod

  # Every requirement with its state, for rendered manifests
  kubectl snapshot check ./rendered.yaml --explain

  # By the rules of production
  kubectl snapshot check rel-42 --stage prod

  # A page for those who ask why
  kubectl snapshot check rel-42 --explain -o html > rel-42.html

  # With a policy of your own
  kubectl snapshot check rel-42 --policy ./our-policy.wasm")]
pub(super) struct CheckArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", add = complete::reference())]
    reference: Reference,
    /// What it would replace: during the rollout both serve
    #[arg(long, value_name = "REF", add = complete::reference())]
    against: Option<Reference>,
    /// The stage that it would go to: also asks the policies that are bound to it
    #[arg(long, add = complete::stage())]
    stage: Option<StageName>,
    /// Show each requirement with its state
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    at: AliasArgs,
    #[command(flatten)]
    part: PartArgs,
    #[command(flatten)]
    policies: PolicyArgs,
    #[command(flatten)]
    output: FileOutputArgs,
}

/// Asks the policies, and says so by the exit code too.
pub(super) async fn run(args: CheckArgs, session: &Session) -> Result<Exit, Failure> {
    let references: Vec<&Reference> = [&args.reference].into_iter().chain(&args.against).collect();
    let (aliases, stage) = (args.at.aliases(), args.stage.as_ref());
    let found = args.part.of(resolve_at(&session.app, &references, &aliases, stage).await?)?;
    let mut found = found.into_iter();
    let (candidate, against) = (found.next(), found.next());
    let candidate = candidate.ok_or_else(|| Failure::new("there is nothing to check"))?;
    let checking = Checking {
        policies: args.policies.choice(),
        stage: args.stage,
        explain: args.explain,
        only_files: references.iter().all(|reference| reference.is_file()),
    };
    let report = checking.report(candidate, against, session).await?;
    session.show(&report, &args.output.format)?;
    Ok(Exit::from(report.verdict))
}
