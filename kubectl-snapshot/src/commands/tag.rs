//! `tag`: a second name for a snapshot.

use std::sync::Arc;

use clap::Args;
use snapshot_core::{name::SnapshotName, reference::Reference};

use super::{exit::Exit, output::OutputArgs, session::Session};
use crate::{
    app::{Failure, capture::refuse_taken, resolve::resolve},
    commands::complete,
    render::Change,
    store::Overwrite,
};

/// Give a snapshot a second name
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The tested candidate becomes the release
  kubectl snapshot tag rel-42-rc1 rel-42")]
pub(super) struct TagArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", add = complete::reference())]
    reference: Reference,
    /// The new name
    name: SnapshotName,
    /// Replace a snapshot of that name
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Stores the same set under another name.
pub(super) async fn run(args: TagArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.app.connections.store().await?;
    let overwrite = if args.force { Overwrite::Force } else { Overwrite::Never };
    let digest = match &args.reference {
        Reference::Name(text) | Reference::Digest(text) => {
            let head = store.find(text).await?;
            store.tag(&head, &args.name, overwrite).await?.digest
        }
        other => {
            if !args.force {
                refuse_taken(&store, &args.name).await?;
            }
            let found = resolve(&session.app, &[other]).await?.into_iter().next();
            let found = found.ok_or_else(|| Failure::new(format!("{other} names nothing")))?;
            let mut document = found.document;
            document.metadata_mut().created.get_or_insert_with(|| session.app.clock.now());
            store.save(&args.name, &Arc::new(document), overwrite, &|_, _| ()).await?.digest
        }
    };
    session.tell(Change::new("snapshot", args.name, "tagged").of(digest), &args.output.format)?;
    Ok(Exit::Done)
}
