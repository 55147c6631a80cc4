//! `capture`: take a snapshot of a namespace, or of manifests.

use std::time::Duration;

use clap::Args;
use snapshot_core::{
    assembly::ConfigScope, digest::Digest, name::SnapshotName, reference::Reference,
};

use super::{
    alias_args::AliasArgs, exit::Exit, global::duration, output::OptionalOutputArgs,
    session::Session, snapshot_document::SnapshotDocument, stored::Stored,
};
use crate::{
    app::{
        Demand, Failure,
        capture::{Capture, capture},
        live::Selection,
    },
    commands::complete,
    render::Format,
};

/// Take a snapshot of a namespace, of several, or of manifests
///
/// Of several namespaces, each is a part: with -n shop,payments, by labels, or
/// all of them. All are read, or nothing is captured. With a NAME the snapshot is stored; without one its document is printed.
/// Secret values are never read into it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Capture what runs in the current namespace
  kubectl snapshot capture rel-42 -m \"cart asks tax\"

  # Capture what manifests would run, without a cluster
  kustomize build ./prod | kubectl snapshot capture rel-42 --from - --store ./snapshots

  # Capture what runs in two namespaces, and works together across them
  kubectl snapshot capture rel-42 -n shop,payments

  # Or in every namespace of a team, or in all but some
  kubectl snapshot capture rel-42 -l team=shop
  kubectl snapshot capture everything -A --exclude-namespaces monitoring

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
    /// The namespaces with these labels, each a part: team=shop, 'team in (shop,pay)'
    #[arg(short = 'l', long = "namespace-selector", value_name = "LABELS", conflicts_with_all = ["from", "wait", "namespace"])]
    selector: Option<String>,
    /// Every namespace that holds anything, each a part, save those of the system and the store
    #[arg(short = 'A', long, conflicts_with_all = ["from", "wait", "selector", "namespace"])]
    all_namespaces: bool,
    /// With --all-namespaces: leave out these
    #[arg(long, value_name = "NAMESPACE,NAMESPACE", value_delimiter = ',', requires = "all_namespaces", add = complete::namespace())]
    exclude_namespaces: Vec<String>,
    #[command(flatten)]
    demand: DemandArgs,
    #[command(flatten)]
    at: AliasArgs,
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
    /// Wait until every rollout in the namespace has ended: what is captured is what runs
    #[arg(long, conflicts_with = "from")]
    wait: bool,
    /// How long the rollouts may take altogether
    #[arg(long, value_name = "DURATION", env = "KUBECTL_SNAPSHOT_TIMEOUT", default_value = "5m", value_parser = duration)]
    timeout: Duration,
    /// Run a command of the shell once it is stored, and end with its exit code
    #[arg(long, value_name = "COMMAND", requires = "name", conflicts_with = "dry_run")]
    then: Option<String>,
    #[command(flatten)]
    output: OptionalOutputArgs,
}

/// Arguments for what is demanded of flag systems.
#[derive(Args, Debug)]
struct DemandArgs {
    /// Capture nothing where a flag system does not answer; else its flags are unknown
    #[arg(long, conflicts_with = "from")]
    require_flags: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ConfigsArg {
    All,
    Used,
}

/// Captures, stores or prints, and runs what is to be run then.
pub(super) async fn run(args: CaptureArgs, session: &Session) -> Result<Exit, Failure> {
    let (Some(name), Some(command)) = (args.name.clone(), args.then.clone()) else {
        run_capture(args, session).await?;
        return Ok(Exit::Done);
    };
    let Some(digest) = run_capture(args, session).await? else { return Ok(Exit::Done) };
    let environment = [
        ("KUBECTL_SNAPSHOT_NAME", name.to_string()),
        ("KUBECTL_SNAPSHOT_DIGEST", digest.to_string()),
    ];
    super::then::run(&command, &environment, session).await
}

/// Captures, stores or prints, and tells the digest of what has a name.
async fn run_capture(args: CaptureArgs, session: &Session) -> Result<Option<Digest>, Failure> {
    let is_dry = args.dry_run.is_some();
    let snapshot = capture(
        &session.app,
        Capture {
            name: args.name.clone(),
            from: args.from,
            namespaces: match (args.selector, args.all_namespaces) {
                (Some(labels), _) => Selection::Labelled(labels),
                (None, true) => Selection::All { but: args.exclude_namespaces },
                (None, false) => Selection::Named(session.app.connections.several().to_vec()),
            },
            message: args.message,
            configs: match args.configs {
                ConfigsArg::All => ConfigScope::All,
                ConfigsArg::Used => ConfigScope::Used,
            },
            aliases: args.at.aliases(),
            demand: if args.demand.require_flags { Demand::All } else { Demand::default() },
            force: args.force,
            dry_run: is_dry,
            wait: args.wait.then_some(args.timeout),
        },
    )
    .await?;
    let document = |format: &Format| {
        session.show(&SnapshotDocument::new(&snapshot, &session.app.clock), format)
    };
    let Some(name) = args.name else {
        document(&args.output.format.unwrap_or(Format::Json))?;
        return Ok(None);
    };
    let digest = snapshot.digest();
    if let Some(format) = args.output.format {
        document(&format)?;
        return Ok(Some(digest));
    }
    let done = if is_dry { "captured (dry run)" } else { "captured" };
    session.print(|out| {
        writeln!(out, "{}", Stored { name: &name, done, document: &snapshot })?;
        Ok(())
    })?;
    Ok(Some(digest))
}
