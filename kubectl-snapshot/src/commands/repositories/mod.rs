//! `repositories`: whose commits order whose versions.

mod add;
mod list;
mod remove;
mod update;

use clap::{Args, Subcommand};

use super::{exit::Exit, session::Session};
use crate::app::Failure;

/// Name the git repositories whose commits say which version is newer
///
/// Commit ids have no order of their own. From the repositories diff tells which side is
/// newer, what lies between, and what has diverged; policies are told the same.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # All images of shop/ are built from one repository, each from a folder of it
  kubectl snapshot repositories add 'shop/*' --url https://github.com/shop/shop.git --path services/{service}

  # Fetch it, with your own git and its credentials
  kubectl snapshot repositories update

  # Which are there, and when were they fetched?
  kubectl snapshot repositories list

  # And what lies between two releases?
  kubectl snapshot diff rel-41 rel-42 --log")]
pub(super) struct RepositoriesArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    Add(add::AddArgs),
    List(list::ListArgs),
    Update(update::UpdateArgs),
    Remove(remove::RemoveArgs),
}

/// Adds, lists, fetches or removes git repositories.
pub(super) async fn run(args: RepositoriesArgs, session: &Session) -> Result<Exit, Failure> {
    match args.action {
        Action::Add(args) => add::run(args, session).await,
        Action::List(args) => list::run(args, session).await,
        Action::Update(args) => update::run(args, session).await,
        Action::Remove(args) => remove::run(args, session).await,
    }
}
