//! `flags list`: the flags of a set.

use clap::Args;
use snapshot_core::reference::Reference;

use crate::{
    app::{Failure, resolve::resolve},
    commands::{complete, exit::Exit, output::OutputArgs, part_args::PartArgs, session::Session},
    render::{FlagList, Format},
};

/// List the flags of a set: what each serves, where it lives, and what it needs
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What runs in the current namespace
  kubectl snapshot flags list

  # A stored snapshot, or what runs at a stage
  kubectl snapshot flags list rel-42
  kubectl snapshot flags list live:prod")]
pub(super) struct ListArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", default_value = "live", add = complete::reference())]
    reference: Reference,
    #[command(flatten)]
    part: PartArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Lists them.
pub(super) async fn run(args: ListArgs, session: &Session) -> Result<Exit, Failure> {
    let found = args.part.of(resolve(&session.app, &[&args.reference]).await?)?;
    let list = FlagList::of(&found.iter().map(|one| &one.document).collect::<Vec<_>>());
    if list.is_empty() && args.output.format == Format::Table {
        session.ui.status(&format!("{} has no flags", args.reference));
    }
    session.show(&list, &args.output.format)?;
    Ok(Exit::Done)
}
