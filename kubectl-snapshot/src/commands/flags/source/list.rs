//! `flags source list`: the flag systems, and whether they answer.

use clap::Args;
use snapshot_core::flag_source::FlagSource;

use crate::{
    app::{Failure, read_sources},
    commands::{exit::Exit, output::OutputArgs, session::Session},
    render::{FlagSourceList, FlagSourceRow, Format},
    sources::flag_systems::Served,
};

/// List the flag systems, whose flags they have, and whether they answer
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # All of them
  kubectl snapshot flags source list")]
pub(super) struct ListArgs {
    #[command(flatten)]
    output: OutputArgs,
}

/// Lists them; each is asked once.
pub(super) async fn run(args: ListArgs, session: &Session) -> Result<Exit, Failure> {
    let sources = session.app.connections.store().await?.flag_sources().await?;
    for error in sources.broken {
        session.app.observer.failure("it is left out", &error.into());
    }
    if sources.readable.is_empty() && args.output.format == Format::Table {
        session.ui.status(
            "no flag sources yet; add one with: kubectl snapshot flags source add NAME --type TYPE \
             --url URL --at STAGE",
        );
        return Ok(Exit::Done);
    }
    let read = read_sources(&session.app, sources.readable).await;
    let row = |(source, result): (FlagSource, Result<Served, Failure>)| match result {
        Ok(served) => FlagSourceRow::answering(source, served.flags.len(), served.environment),
        Err(failure) => FlagSourceRow::silent(source, failure.message),
    };
    let list = FlagSourceList::new(read.into_iter().map(row).collect());
    session.show(&list, &args.output.format)?;
    Ok(Exit::Done)
}
