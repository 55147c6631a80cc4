//! `version`: this program's.

use clap::Args;

use super::{exit::Exit, output::OutputArgs, session::Session};
use crate::{app::Failure, render::VersionReport};

/// Print the version of this program
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Which version is this?
  kubectl snapshot version

  # For a report of a bug
  kubectl snapshot version -o yaml")]
pub(super) struct VersionArgs {
    #[command(flatten)]
    output: OutputArgs,
}

/// Prints what this program is, without asking a cluster.
pub(super) fn run(args: &VersionArgs, session: &Session) -> Result<Exit, Failure> {
    session.show(&VersionReport::current(), &args.output.format)?;
    Ok(Exit::Done)
}
