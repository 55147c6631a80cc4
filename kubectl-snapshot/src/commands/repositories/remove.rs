//! `repositories remove`: versions that git orders no more.

use clap::Args;
use snapshot_core::name::RepositoryName;

use crate::{
    app::Failure,
    commands::{complete, exit::Exit, output::OutputArgs, session::Session},
    render::Change,
};

/// Remove a git repository from the store; clones and mirrors stay where they are
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Nothing is built from shop any more
  kubectl snapshot repositories remove shop")]
pub(super) struct RemoveArgs {
    /// The repository's name
    #[arg(value_name = "REPOSITORY", add = complete::repository())]
    name: RepositoryName,
    #[command(flatten)]
    output: OutputArgs,
}

/// Removes it.
pub(super) async fn run(args: RemoveArgs, session: &Session) -> Result<Exit, Failure> {
    session.app.connections.store().await?.delete_repository(&args.name).await?;
    session.tell(Change::new("repository", args.name, "removed"), &args.output.format)?;
    Ok(Exit::Done)
}
