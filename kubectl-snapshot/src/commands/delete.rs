//! `delete`: take snapshots out of the store.

use clap::Args;
use snapshot_core::{digest::Digest, record::Chain};

use super::{exit::Exit, output::OutputArgs, session::Session};
use crate::{
    app::Failure,
    commands::complete,
    render::{Change, ChangeList},
    store::{Head, Store},
};

/// Delete stored snapshots by name
///
/// The last name of what a stage runs, or would go back to, is not deleted: nobody
/// could bring it back. What nothing else shares stays in the store until the next
/// kubectl snapshot gc.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Delete one
  kubectl snapshot delete rel-41

  # Although production would go back to it
  kubectl snapshot delete rel-41 --force")]
pub(super) struct DeleteArgs {
    /// Names of stored snapshots
    #[arg(required = true, value_name = "NAME", add = complete::snapshot())]
    names: Vec<String>,
    /// Delete what a stage runs, or would go back to, as well
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Deletes each, or none where one is not there or is needed.
pub(super) async fn run(args: DeleteArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.app.connections.store().await?;
    let mut heads = Vec::new();
    for name in &args.names {
        let head = store.find(name).await?;
        if head.name.as_ref() != name.as_str() {
            return Err(Failure::usage(format!("{name} is a digest; delete takes names"))
                .hint(format!("the snapshot's name is {}", head.name)));
        }
        heads.push(head);
    }
    if !args.force {
        refuse_needed(&store, &heads).await?;
    }
    let mut deleted = Vec::new();
    let mut ended = Ok(Exit::Done);
    for head in heads {
        if let Err(error) = store.delete(&head.name).await {
            ended = Err(error.into());
            break;
        }
        deleted.push(Change::new("snapshot", head.name, "deleted").of(head.digest));
    }
    // Also where one could not be deleted: the others are gone.
    if !deleted.is_empty() {
        session.show(&ChangeList::new(deleted), &args.output.format)?;
    }
    ended
}

/// Refuses to delete the last name of a set that a stage needs, by its records.
async fn refuse_needed(store: &Store, heads: &[Head]) -> Result<(), Failure> {
    let chains = store.chains().await?;
    let needed: Vec<(Digest, String)> = chains.values().flat_map(Chain::needed).collect();
    let is_needed = |head: &&Head| needed.iter().any(|(digest, _)| *digest == head.digest);
    if !heads.iter().any(|head| is_needed(&head)) {
        return Ok(());
    }
    let others = store.list().await?.heads;
    let has_other_name = |head: &Head| {
        let stays = |other: &Head| heads.iter().all(|gone| gone.name != other.name);
        others.iter().any(|other| other.digest == head.digest && stays(other))
    };
    match heads.iter().filter(is_needed).find(|head| !has_other_name(head)) {
        None => Ok(()),
        Some(head) => {
            let why: Vec<&str> = needed
                .iter()
                .filter(|(digest, _)| *digest == head.digest)
                .map(|(_, why)| why.as_str())
                .collect();
            Err(Failure::new(format!(
                "snapshot {} is the last name of its set, and {}; nothing was deleted",
                head.name,
                why.join(", ")
            ))
            .hint(format!("another name keeps the set: kubectl snapshot tag {} NAME", head.name))
            .hint("--force deletes it all the same"))
        }
    }
}
