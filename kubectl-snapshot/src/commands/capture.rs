//! `capture`: take a snapshot of a namespace, or of manifests.

use std::sync::Arc;

use clap::Args;
use snapshot_core::{
    assembly::ConfigScope, digest::Digest, name::SnapshotName, reference::Reference,
    snapshot::Snapshot,
};

use super::{
    exit::Exit, failure::Failure, resolve::Reading, session::Session,
    snapshot_document::SnapshotDocument,
};
use crate::commands::complete;
use crate::{render::Format, store::Overwrite};

/// Take a snapshot of a namespace, or of manifests
///
/// With a NAME the snapshot is stored; without one its document is printed.
/// Secret values are never read into it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Capture what runs in the current namespace
  kubectl snapshot capture rel-42 -m \"cart asks tax\"

  # Capture what manifests would run, without a cluster
  kustomize build ./prod | kubectl snapshot capture rel-42 --from - --store ./snapshots

  # Look at the document without storing it
  kubectl snapshot capture -n dev -o yaml

  # Test what was captured, and end as the tests do, which are told its name and
  # digest: KUBECTL_SNAPSHOT_NAME, KUBECTL_SNAPSHOT_DIGEST
  kubectl snapshot capture nightly-7 -n dev --then 'make e2e'")]
pub(super) struct CaptureArgs {
    /// The name to store it under
    name: Option<SnapshotName>,
    /// A file or folder of manifests, or - for standard input [default: what runs]
    #[arg(long, value_name = "FILE", add = complete::file())]
    from: Option<Reference>,
    /// Why, in a sentence
    #[arg(short, long)]
    message: Option<String>,
    /// Which ConfigMaps belong to the set: all of the namespace's, or those that workloads name
    #[arg(long, value_enum, default_value = "all")]
    configs: ConfigsArg,
    /// Replace a snapshot of that name
    #[arg(long, requires = "name")]
    force: bool,
    /// Read everything, store nothing
    #[arg(long, value_name = "WHERE", value_parser = ["client"], requires = "name")]
    dry_run: Option<String>,
    /// Run a command of the shell once it is stored, and end with its exit code
    #[arg(long, value_name = "COMMAND", requires = "name", conflicts_with = "dry_run")]
    then: Option<String>,
    /// How to print the result: table, json, yaml, name, jsonpath=TEMPLATE
    #[arg(short, long, value_name = "FORMAT", add = complete::format())]
    output: Option<Format>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ConfigsArg {
    All,
    Used,
}

/// Captures, stores or prints, and runs what is to be run then.
pub(super) async fn run(args: CaptureArgs, session: &Session) -> Result<Exit, Failure> {
    let (Some(name), Some(command)) = (args.name.clone(), args.then.clone()) else {
        capture(args, session).await?;
        return Ok(Exit::Done);
    };
    let Some(digest) = capture(args, session).await? else { return Ok(Exit::Done) };
    let environment = [
        ("KUBECTL_SNAPSHOT_NAME", name.to_string()),
        ("KUBECTL_SNAPSHOT_DIGEST", digest.to_string()),
    ];
    super::then::run(&command, &environment, session).await
}

/// Captures, stores or prints, and tells the digest of what has a name.
async fn capture(args: CaptureArgs, session: &Session) -> Result<Option<Digest>, Failure> {
    let store = match (&args.name, &args.from) {
        (None, Some(_)) if !session.store_is_directory() => None,
        _ => Some(session.store().await?),
    };
    if let (Some(store), Some(name), false) = (&store, &args.name, args.force) {
        // Said before the work rather than after it; the store checks again when it writes.
        super::tag::refuse_taken(store, name).await?;
    }
    let reading = Reading {
        variables: match &store {
            // What is stored must be the same whoever captures it.
            Some(store) if args.name.is_some() => session.variable_names(store).await?,
            Some(store) => session.variable_names_if_allowed(store).await?,
            None => std::collections::BTreeSet::new(),
        },
        configs: match args.configs {
            ConfigsArg::All => ConfigScope::All,
            ConfigsArg::Used => ConfigScope::Used,
        },
    };
    let mut snapshot = read(&args, session, &reading).await?;
    snapshot.metadata.created = Some(session.clock.now());
    snapshot.metadata.message = args.message.or(snapshot.metadata.message);
    let Some(name) = args.name else {
        let format = args.output.unwrap_or(Format::Json);
        session.show(&SnapshotDocument::new(&snapshot, &session.clock), &format)?;
        return Ok(None);
    };
    snapshot.metadata.name = Some(name.to_string());
    snapshot.metadata.author = author(session).await;
    let snapshot = Arc::new(snapshot);
    let (services, flags) = (snapshot.spec.services.len(), snapshot.spec.flags.len());
    let dry = args.dry_run.is_some();
    let digest = if let (Some(store), false) = (&store, dry) {
        let overwrite = if args.force { Overwrite::Force } else { Overwrite::Never };
        let progress = session.ui.count("storing chunks", None);
        store.save(&name, &snapshot, overwrite, &|done, _total| progress.set(done)).await?.digest
    } else {
        snapshot.spec.digest()
    };
    if let Some(format) = args.output {
        session.show(&SnapshotDocument::new(&snapshot, &session.clock), &format)?;
        return Ok(Some(digest));
    }
    let done = if dry { "captured (dry run)" } else { "captured" };
    session.print(|out| {
        writeln!(
            out,
            "snapshot/{name} {done}: {}, {}, {}",
            counted(services, "service"),
            counted(flags, "flag"),
            digest.short()
        )?;
        Ok(())
    })?;
    Ok(Some(digest))
}

async fn read(
    args: &CaptureArgs,
    session: &Session,
    reading: &Reading,
) -> Result<Snapshot, Failure> {
    match &args.from {
        None => {
            let cluster = session.cluster().await?;
            session.read_live(&cluster, reading).await
        }
        Some(Reference::Name(name)) => {
            session.read_files(&Reference::Path(name.into()), reading).await
        }
        Some(files @ (Reference::Path(_) | Reference::Stdin)) => {
            session.read_files(files, reading).await
        }
        Some(other) => Err(Failure::usage(format!("--from takes files, not {other}"))
            .hint("to store what a snapshot holds under another name, use: kubectl snapshot tag")),
    }
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Name of the user, as the API server or, without one, the operating system has it.
pub(super) async fn author(session: &Session) -> Option<String> {
    if !session.store_is_directory()
        && let Ok(cluster) = session.cluster().await
        && let Ok(name) = cluster.whoami().await
    {
        return Some(name);
    }
    ["USER", "USERNAME"].into_iter().find_map(|variable| std::env::var(variable).ok())
}
