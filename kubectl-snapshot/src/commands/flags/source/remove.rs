//! `flags source remove`: a flag system that is asked no more.

use clap::Args;
use snapshot_core::name::FlagSourceName;

use crate::{
    app::Failure,
    commands::{complete, exit::Exit, output::OutputArgs, session::Session},
    render::Change,
};

/// Remove a flag system from the store; the system itself is not touched
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Its flags are read no more
  kubectl snapshot flags source remove prod-unleash")]
pub(super) struct RemoveArgs {
    /// The source's name
    #[arg(value_name = "NAME", add = complete::flag_source())]
    name: FlagSourceName,
    #[command(flatten)]
    output: OutputArgs,
}

/// Removes it.
pub(super) async fn run(args: RemoveArgs, session: &Session) -> Result<Exit, Failure> {
    session.app.connections.store().await?.delete_flag_source(&args.name).await?;
    session.tell(Change::new("flag source", args.name, "removed"), &args.output.format)?;
    Ok(Exit::Done)
}
