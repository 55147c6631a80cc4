//! `get`: one snapshot, as a row or as its document.

use clap::Args;
use snapshot_core::reference::Reference;

use super::{
    exit::Exit, output::OutputArgs, part_args::PartArgs, session::Session,
    snapshot_document::SnapshotDocument,
};
use crate::{
    app::{Failure, resolve::resolve},
    commands::complete,
};

/// Print a snapshot: a row, or its document with -o json or -o yaml
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The document, to keep in Git
  kubectl snapshot get rel-42 -o json > rel-42.json

  # Which image of tax is in it
  kubectl snapshot get rel-42 -o jsonpath='{.spec.services.tax.tax.containers.tax.tag}'")]
pub(super) struct GetArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", add = complete::reference())]
    reference: Reference,
    #[command(flatten)]
    part: PartArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Prints one snapshot.
pub(super) async fn run(args: GetArgs, session: &Session) -> Result<Exit, Failure> {
    for found in args.part.of(resolve(&session.app, &[&args.reference]).await?)? {
        session.show(
            &SnapshotDocument::new(&found.document, &session.app.clock),
            &args.output.format,
        )?;
    }
    Ok(Exit::Done)
}
