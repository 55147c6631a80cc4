//! `evidence`: what is known about a snapshot.

mod add;
mod list;

use clap::{Args, Subcommand};

use super::{exit::Exit, session::Session};
use crate::app::Failure;

/// Record what is known about a snapshot: tests, measurements, whatever policies ask for
///
/// Evidence belongs to the digest: a set that changes starts without any. It is
/// written once, with the name under which the API server knows you.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The end-to-end tests passed at qa
  kubectl snapshot evidence add rel-42 --name e2e --passed --at qa

  # What is known about it?
  kubectl snapshot evidence list rel-42

  # How do its measurements compare with those of the release before?
  kubectl snapshot diff rel-41 rel-42 --evidence")]
pub(super) struct EvidenceArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    Add(add::AddArgs),
    List(list::ListArgs),
}

/// Records or lists evidence.
pub(super) async fn run(args: EvidenceArgs, session: &Session) -> Result<Exit, Failure> {
    match args.action {
        Action::Add(args) => add::run(args, session).await,
        Action::List(args) => list::run(args, session).await,
    }
}
