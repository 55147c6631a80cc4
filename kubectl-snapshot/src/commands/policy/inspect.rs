//! `policy inspect`: what a policy is, before it is trusted.

use clap::Args;

use crate::{
    app::Failure,
    commands::{exit::Exit, output::OutputArgs, policy_args::OnePolicyArgs, session::Session},
    policies::inspect,
};

/// Show what a policy is, what it decides and takes, and whether this plugin can run it
///
/// Exits 1 where it cannot be run, or could not be bound.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What is this file?
  kubectl snapshot policy inspect ./our-rules.wasm

  # Which settings does it take?
  kubectl snapshot policy inspect flag-compatibility -o jsonpath='{.settingsSchema}'")]
pub(super) struct InspectArgs {
    #[command(flatten)]
    one: OnePolicyArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Looks inside.
pub(super) async fn run(args: InspectArgs, session: &Session) -> Result<Exit, Failure> {
    let found = args.one.find(session).await?;
    let engine = args.one.engine().await?;
    let now = session.app.clock.unix_seconds();
    let inspection = inspect(&engine, &found.name, found.bytes, found.settings, now).await;
    session.show(&inspection, &args.output.format)?;
    Ok(if inspection.problem.is_none() { Exit::Done } else { Exit::Failed })
}
