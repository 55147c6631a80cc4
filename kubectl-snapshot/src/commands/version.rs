//! `version`: this program's.

use clap::Args;

use super::{exit::Exit, session::Session};
use crate::{
    app::Failure,
    commands::complete,
    render::{Format, VersionReport},
};

/// Print the version of this program
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Which version is this?
  kubectl snapshot version

  # For a report of a bug
  kubectl snapshot version -o yaml")]
pub(super) struct VersionArgs {
    /// How to print it: table, json, yaml, jsonpath=TEMPLATE
    #[arg(short, long, value_name = "FORMAT", default_value = "table", hide_default_value = true, add = complete::format())]
    output: Format,
}

/// Prints what this program is, without asking a cluster.
pub(super) fn run(args: &VersionArgs, session: &Session) -> Result<Exit, Failure> {
    session.show(&VersionReport::current(), &args.output)?;
    Ok(Exit::Done)
}
