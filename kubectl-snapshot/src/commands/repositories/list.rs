//! `repositories list`: the git repositories, and their state on this machine.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use jiff::Timestamp;
use snapshot_core::git_repository::GitRepository;

use crate::{
    app::Failure,
    commands::{exit::Exit, output::OutputArgs, session::Session},
    render::{Format, GitRepositoryList, GitRepositoryRow},
    sources::git::{self, Local},
};

/// List the git repositories, and when they were fetched to this machine
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # All of them
  kubectl snapshot repositories list")]
pub(super) struct ListArgs {
    #[command(flatten)]
    output: OutputArgs,
}

/// Lists them.
pub(super) async fn run(args: ListArgs, session: &Session) -> Result<Exit, Failure> {
    let repositories = session.app.connections.store().await?.repositories().await?;
    if repositories.is_empty() && args.output.format == Format::Table {
        session.ui.status(
            "no git repositories yet; add one with: kubectl snapshot repositories add PATTERN --url URL",
        );
        return Ok(Exit::Done);
    }
    let mut rows = Vec::new();
    for repository in repositories {
        rows.push(row(repository, session).await);
    }
    session.show(&GitRepositoryList::new(rows), &args.output.format)?;
    Ok(Exit::Done)
}

async fn row(repository: GitRepository, session: &Session) -> GitRepositoryRow {
    let (fetched, state) = match git::local(&repository).await {
        Local::Clone => (None, "a clone".to_owned()),
        Local::Absent => (None, "not yet".to_owned()),
        Local::Fetched(at) => {
            let at = text(at);
            let state = format!("{} ago", session.app.clock.age(&at));
            (Some(at), state)
        }
    };
    GitRepositoryRow { repository, fetched, state }
}

fn text(at: SystemTime) -> String {
    let seconds = at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX).to_string()
}
