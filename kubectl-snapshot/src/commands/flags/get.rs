//! `flags get`: one flag, in each of some sets.

use clap::Args;
use snapshot_core::{cluster_namespace::ClusterNamespace, parts::Document, reference::Reference};

use crate::{
    app::{Failure, resolve::resolve, resolved::ResolvedDocument},
    commands::{complete, exit::Exit, output::OutputArgs, session::Session},
    render::FlagReport,
};

/// Show one flag: where it is on, who reads it, what it needs, and what needs it
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # In the current namespace
  kubectl snapshot flags get tax-call

  # In two places
  kubectl snapshot flags get tax-call live:qa live:prod

  # At every stage, as it is served there now
  kubectl snapshot flags get tax-call --stages")]
pub(super) struct GetArgs {
    /// The flag's key
    #[arg(value_name = "KEY", add = complete::flag())]
    key: String,
    /// Sets to look in [default: what runs here]
    #[arg(value_name = "REF", add = complete::reference())]
    references: Vec<Reference>,
    /// Look at what runs at every stage
    #[arg(long, conflicts_with = "references")]
    stages: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Shows it; that no set has it is an error.
pub(super) async fn run(args: GetArgs, session: &Session) -> Result<Exit, Failure> {
    let references = match (args.stages, args.references.is_empty()) {
        (true, _) => stages(session).await?,
        (false, true) => vec![Reference::Live { context: None, namespaces: Vec::new() }],
        (false, false) => args.references,
    };
    let found = resolve(&session.app, &references.iter().collect::<Vec<_>>()).await?;
    let sets: Vec<(&str, &Document)> = found
        .iter()
        .map(|ResolvedDocument { label, document }| (label.as_str(), document))
        .collect();
    let report = FlagReport::of(&args.key, &sets);
    if report.is_empty() {
        let labels: Vec<&str> = sets.iter().map(|(label, _)| *label).collect();
        return Err(Failure::new(format!("no flag {} is in {}", args.key, labels.join(", ")))
            .hint("kubectl snapshot flags list shows those that there are"));
    }
    session.show(&report, &args.output.format)?;
    Ok(Exit::Done)
}

/// References to what runs at each stage.
async fn stages(session: &Session) -> Result<Vec<Reference>, Failure> {
    let stages = session.app.connections.store().await?.stages().await?;
    let readable = stages.readable;
    if readable.is_empty() {
        return Err(Failure::usage("there are no stages")
            .hint("make one with: kubectl snapshot stage set NAME --at NAMESPACE"));
    }
    let live = |at: &ClusterNamespace| Reference::Live {
        context: at.context.clone(),
        namespaces: vec![at.namespace.clone()],
    };
    let places = readable.iter().flat_map(|stage| stage.namespaces.iter().map(|(_, at)| live(at)));
    Ok(places.collect())
}
