//! `describe`: a snapshot for people.

use clap::Args;
use snapshot_core::{reference::Reference, requirement};

use super::{exit::Exit, output::FileOutputArgs, session::Session};
use crate::{
    app::{
        Failure,
        resolve::{resolve, service_filter},
        resolved::ResolvedSnapshot,
    },
    commands::complete,
    render::Description,
};

/// Show what a snapshot holds: versions, flags, requirements, variables
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # A stored snapshot
  kubectl snapshot describe rel-42

  # What runs in the namespace qa
  kubectl snapshot describe live:qa

  # One service of it
  kubectl snapshot describe rel-42 --service tax

  # A page for those who test it, to read in a browser
  kubectl snapshot describe rel-42 -o html > rel-42.html")]
pub(super) struct DescribeArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", add = complete::reference())]
    reference: Reference,
    /// Only this service: its workloads, what they read and need, and what needs them; can be repeated
    #[arg(long = "service", value_name = "SERVICE", add = complete::service())]
    services: Vec<String>,
    #[command(flatten)]
    output: FileOutputArgs,
}

/// Describes one snapshot.
pub(super) async fn run(args: DescribeArgs, session: &Session) -> Result<Exit, Failure> {
    let found = resolve(&session.app, &[&args.reference]).await?;
    let filter = service_filter(&args.services, &found)?;
    for ResolvedSnapshot { label, snapshot } in &found {
        let Some(filter) = &filter else {
            let requirements = requirement::resolve(&snapshot.spec);
            session.show(&Description::new(label, snapshot, requirements), &args.output.format)?;
            continue;
        };
        let some = filter.filter(snapshot);
        // What they need is looked for in the whole set.
        let requirements = requirement::resolve_against(&some.spec, &snapshot.spec);
        let part = Description::new(label, &some, requirements).part_of(snapshot, filter.names());
        session.show(&part, &args.output.format)?;
    }
    Ok(Exit::Done)
}
