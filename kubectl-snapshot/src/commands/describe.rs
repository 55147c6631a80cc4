//! `describe`: a snapshot for people.

use clap::Args;

use super::{exit::Exit, failure::Failure, session::Session};
use crate::{
    domain::{reference::Reference, requirement},
    render::{Description, Format},
};

/// Show what a snapshot holds: versions, flags, requirements, variables
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # A stored snapshot
  kubectl snapshot describe rel-42

  # What runs in the namespace qa
  kubectl snapshot describe live:qa

  # A page for those who test it, to read in a browser
  kubectl snapshot describe rel-42 -o html > rel-42.html")]
pub(super) struct DescribeArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF")]
    reference: Reference,
    /// How to print it: table, wide, json, yaml, name, jsonpath=TEMPLATE, markdown, html
    #[arg(short, long, value_parser = Format::or_html, value_name = "FORMAT", default_value = "table", hide_default_value = true)]
    output: Format,
}

/// Describes one snapshot.
pub(super) async fn run(args: DescribeArgs, session: &Session) -> Result<Exit, Failure> {
    for found in session.resolve(&[&args.reference]).await? {
        let requirements = requirement::resolve(&found.snapshot.spec);
        let description = Description::new(&found.label, &found.snapshot, requirements);
        session.show(&description, &args.output)?;
    }
    Ok(Exit::Done)
}
