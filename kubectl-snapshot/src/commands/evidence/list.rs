//! `evidence list`: what is known about a snapshot.

use clap::Args;
use snapshot_core::reference::Reference;

use crate::{
    app::{Failure, evidence::left_out},
    commands::{complete, exit::Exit, output::OutputArgs, session::Session, subject::Subject},
    render::Format,
};

/// List what is known about a snapshot, the oldest first
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What is known about rel-42
  kubectl snapshot evidence list rel-42

  # And about what runs at qa
  kubectl snapshot evidence list live:qa -o wide")]
pub(super) struct ListArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", add = complete::reference())]
    reference: Reference,
    #[command(flatten)]
    output: OutputArgs,
}

/// Prints every fact.
pub(super) async fn run(args: ListArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.app.connections.store().await?;
    let subject = Subject::of(&session.app, &store, &args.reference).await?;
    let known = store.evidence(&subject.digest).await?;
    for warning in left_out(&known) {
        session.ui.warning(&warning);
    }
    let facts = known.facts;
    if facts.is_empty() && args.output.format == Format::Table {
        session.ui.status(&format!(
            "no evidence about {} yet; record some with: kubectl snapshot evidence add {} --name TEST --passed",
            subject.shown(),
            subject.label
        ));
        return Ok(Exit::Done);
    }
    session.show(&subject.list(facts, session), &args.output.format)?;
    Ok(Exit::Done)
}
