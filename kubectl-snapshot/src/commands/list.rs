//! `list`: the stored snapshots.

use clap::Args;

use super::{exit::Exit, output::OutputArgs, session::Session};
use crate::{
    app::Failure,
    render::{Format, SnapshotList},
};

/// List the stored snapshots
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The snapshots of the cluster's store, newest first
  kubectl snapshot list

  # Their names alone, from a directory
  kubectl snapshot list --store ./snapshots -o name")]
pub(super) struct ListArgs {
    #[command(flatten)]
    output: OutputArgs,
}

/// Prints what the store holds.
pub(super) async fn run(args: ListArgs, session: &Session) -> Result<Exit, Failure> {
    let listing = session.app.connections.store().await?.list().await?;
    listing
        .broken
        .iter()
        .for_each(|broken| session.ui.warning(&format!("{}: {}", broken.name, broken.cause)));
    if listing.heads.is_empty() && args.output.format == Format::Table {
        session.ui.status("no snapshots yet; take one with: kubectl snapshot capture NAME");
        return Ok(Exit::Done);
    }
    let items = listing
        .heads
        .into_iter()
        .map(|head| super::row::of_head(head, &session.app.clock))
        .collect();
    session.show(&SnapshotList { items }, &args.output.format)?;
    Ok(Exit::Done)
}
