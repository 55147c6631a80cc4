//! `repositories add`: a repository, and what is built from it.

use std::{
    io,
    path::{Path, PathBuf},
};

use clap::Args;
use snapshot_core::{
    git_repository::{GitRepository, GitUrl, Home, Pattern, ServicePath},
    name::RepositoryName,
};

use crate::{
    advice,
    app::{Failure, FailureKind},
    commands::{complete, exit::Exit, output::OutputArgs, session::Session},
    render::Change,
    sources::git,
};

/// Add a git repository, for services or images that are built from it
///
/// A pattern without a slash names services, with one images of any registry; * stands
/// for any characters. Without a pattern it is the repository of every image whose label
/// or annotation org.opencontainers.image.source is the URL.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # One repository for all images of shop/, each service in a folder of its own
  kubectl snapshot repositories add 'shop/*' --url https://github.com/shop/shop.git --path services/{service}

  # One for the service tax, with ssh
  kubectl snapshot repositories add tax --url git@github.com:shop/tax.git

  # A clone that is here already, and is only read
  kubectl snapshot repositories add cart --clone ~/src/cart")]
pub(super) struct AddArgs {
    /// Services, or images with a slash: tax, shop/*
    #[arg(value_name = "PATTERN")]
    patterns: Vec<Pattern>,
    /// Where git fetches it from, without credentials: those are git's own affair
    #[arg(long, required_unless_present = "clone", conflicts_with = "clone")]
    url: Option<String>,
    /// A clone on this machine, which is only read
    #[arg(long, value_name = "FOLDER", add = complete::file())]
    clone: Option<PathBuf>,
    /// The folder of a service in it, where several share it: services/{service}
    #[arg(long)]
    path: Option<ServicePath>,
    /// The branch that releases come from; by default the repository's own
    #[arg(long)]
    branch: Option<String>,
    /// What to call it; by default the last part of its URL or folder
    #[arg(long)]
    name: Option<RepositoryName>,
    /// Replace one of that name
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Reads the address here, for an error of the arguments would repeat a secret in it.
fn url(text: &str) -> Result<GitUrl, Failure> {
    text.parse().map_err(|error| {
        Failure::of(error)
            .with_kind(FailureKind::Usage)
            .hint("a clone on this machine is named with --clone")
    })
}

/// Stores the repository; nothing is fetched yet.
pub(super) async fn run(args: AddArgs, session: &Session) -> Result<Exit, Failure> {
    let AddArgs { patterns, url: address, clone, path, branch, name, force, output } = args;
    if patterns.is_empty() && clone.is_some() {
        return Err(Failure::usage("a clone needs the services or images that are built from it")
            .hint("for example: kubectl snapshot repositories add tax --clone FOLDER"));
    }
    let home = match (address, clone) {
        (Some(text), _) => Home::Url(url(&text)?),
        (None, Some(folder)) => Home::Clone(absolute(&folder)?),
        (None, None) => return Err(Failure::usage("name a repository with --url or --clone")),
    };
    let name = match name {
        Some(name) => name,
        None => default_name(&home)?,
    };
    let repository = GitRepository { name, patterns, home, path, branch };
    let store = session.app.connections.store().await?;
    let known = store.repositories().await?;
    let before = known.iter().find(|one| one.name == repository.name);
    if !force && before.is_some_and(|before| *before != repository) {
        let taken = format!("there is a git repository {} already", repository.name);
        return Err(Failure::new(taken)
            .with_kind(FailureKind::Conflict)
            .hint("choose another name with --name, or replace it with --force"));
    }
    if let Home::Clone(_) = repository.home
        && let Err(gap) = git::check(&repository).await
    {
        session.ui.warning(&gap.to_string());
        for hint in advice::for_gap(&gap) {
            session.ui.hint(&hint);
        }
    }
    store.put_repository(&repository).await?;
    let name = repository.name.to_string();
    session.tell(Change::new("repository", &name, "added"), &output.format)?;
    if let (Home::Url(_), git::Local::Absent) = (&repository.home, git::local(&repository).await) {
        session.ui.hint(&format!("fetch it with: kubectl snapshot repositories update {name}"));
    }
    Ok(Exit::Done)
}

/// The store is for everybody, wherever they stand.
fn absolute(folder: &Path) -> Result<PathBuf, Failure> {
    let unreadable = |error: io::Error| {
        Failure::usage(format!("{} is no folder: {error}", folder.display())).because(error)
    };
    folder.canonicalize().map_err(unreadable)
}

fn default_name(home: &Home) -> Result<RepositoryName, Failure> {
    let text = match home {
        Home::Url(url) => url.last_part(),
        Home::Clone(folder) => {
            folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
        }
    };
    text.to_ascii_lowercase().replace('_', "-").parse().map_err(|error| {
        Failure::of(error).with_kind(FailureKind::Usage).hint("name it with --name")
    })
}
