//! `repositories update`: fetching, when somebody asks for it.

use clap::Args;
use snapshot_core::{
    git_repository::{GitRepository, Home},
    name::RepositoryName,
};

use crate::{
    app::Failure,
    commands::{complete, exit::Exit, output::OutputArgs, session::Session},
    render::{Change, ChangeList},
    sources::git,
};

/// Fetch git repositories to this machine, with your own git
///
/// A mirror of each is kept in your cache: commits and trees, not the files. No other
/// command fetches anything.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # All of them
  kubectl snapshot repositories update

  # One
  kubectl snapshot repositories update shop")]
pub(super) struct UpdateArgs {
    /// Only these
    #[arg(value_name = "REPOSITORY", add = complete::repository())]
    names: Vec<RepositoryName>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Fetches them, one after the other; one that fails does not stop the others.
pub(super) async fn run(args: UpdateArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.app.connections.store().await?;
    let mut chosen = store.repositories().await?;
    if !args.names.is_empty() {
        for name in &args.names {
            store.repository(name).await?;
        }
        chosen.retain(|one| args.names.contains(&one.name));
    }
    let progress = session.app.observer.count("fetching repositories", Some(chosen.len()));
    let mut changes = Vec::new();
    let mut failures = Vec::new();
    for repository in &chosen {
        match fetch(repository, session).await {
            Ok(change) => changes.extend(change),
            Err(failure) => failures.push(failure),
        }
        progress.add(1);
    }
    drop(progress);
    session.show(&ChangeList::new(changes), &args.output.format)?;
    let last = failures.pop();
    for failure in &failures {
        session.app.observer.failure("not fetched", failure);
    }
    last.map_or(Ok(Exit::Done), Err)
}

async fn fetch(repository: &GitRepository, session: &Session) -> Result<Option<Change>, Failure> {
    let name = repository.name.to_string();
    if let Home::Clone(folder) = &repository.home {
        session.ui.status(&format!(
            "{name} is a clone of your own, which is left alone; fetch it with: git -C {} fetch",
            folder.display()
        ));
        return Ok(None);
    }
    git::fetch(repository).await?;
    Ok(Some(Change::new("repository", name, "fetched")))
}
