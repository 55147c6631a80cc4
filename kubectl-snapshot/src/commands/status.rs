//! `status`: what runs at each stage, beside what was last promoted there.

use clap::Args;
use snapshot_core::name::StageName;

use super::{exit::Exit, output::FileOutputArgs, session::Session};
use crate::{
    app::{Failure, FailureKind, status::status},
    commands::complete,
    render::{Format, StatusReport},
};

/// Show what runs at each stage beside what was last promoted there: in step, drifted, behind
///
/// A stage has drifted where something else runs than was promoted: which object and field, and by
/// whom, as the API server has noted it. It is behind where a stage right before it has
/// gone on. Exits 0 where all are in step, 1 where one is not, 8 where nobody knows of one, 2 on an error.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # All stages
  kubectl snapshot status

  # Has somebody changed production by hand?
  kubectl snapshot status prod

  # For a pipeline
  kubectl snapshot status prod -o jsonpath='{.items[*].state}'")]
pub(super) struct StatusArgs {
    /// The stages [default: all]
    #[arg(value_name = "STAGE", add = complete::stage())]
    stages: Vec<StageName>,
    #[command(flatten)]
    output: FileOutputArgs,
}

/// Looks at every stage, and tells the gravest state by the exit code.
pub(super) async fn run(args: StatusArgs, session: &Session) -> Result<Exit, Failure> {
    let found = status(&session.app, &args.stages).await.map_err(|failure| match failure.kind {
        // As for diff: 1 is "different", so every error is more than 1.
        FailureKind::Failed | FailureKind::Conflict => failure.with_kind(FailureKind::Usage),
        _ => failure,
    })?;
    let report = StatusReport::new(found);
    if report.is_empty() && args.output.format == Format::Table {
        session.ui.status(
            "no stages yet; make one with: kubectl snapshot stage set STAGE --at NAMESPACE",
        );
        return Ok(Exit::Done);
    }
    session.show(&report, &args.output.format)?;
    Ok(match (report.is_known(), report.is_in_step()) {
        (false, _) => Exit::Unverified,
        (true, true) => Exit::Done,
        (true, false) => Exit::Failed,
    })
}
