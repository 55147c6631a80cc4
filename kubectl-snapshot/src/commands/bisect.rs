//! `bisect`: which of the changes between two sets breaks a command.

use std::path::PathBuf;

use clap::Args;
use snapshot_core::reference::Reference;

use super::{exit::Exit, output::FileOutputArgs, policy_args::PolicyArgs, session::Session};
use crate::{
    app::{
        Failure,
        bisect::{Bisection, bisect},
    },
    commands::complete,
    render::BisectReport,
};

/// Find which of the changes between two sets breaks a command
///
/// The command is run against mixes: GOOD with some changes of BAD. It gets each as a document in a
/// file, and says by its exit code what it thinks of it, as for git bisect run: 0 green, 125 cannot
/// be tested, 126 and 127 cannot be run, 128 and more stop it all, any other red. Mixes that a
/// policy refuses are not run. Exits 0 where it is sure, 4 where it cannot tell.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # rel-42 works, rel-43 does not: which change is to blame?
  kubectl snapshot bisect rel-42 rel-43 -- ./checkout-test.sh

  # Of rendered manifests, without a cluster; go on with what was run before
  kubectl snapshot bisect ./before.yaml ./after.yaml --log ./runs.jsonl -- ./checkout-test.sh

  # A flaky test: learn how flaky from more runs, and be surer
  kubectl snapshot bisect rel-42 rel-43 --calibrate 8 --odds 99.9 -- ./checkout-test.sh

  # A comment for the merge request
  kubectl snapshot bisect rel-42 rel-43 -o markdown -- ./checkout-test.sh

The command's environment: KUBECTL_SNAPSHOT_FILE is the document of the mix,
KUBECTL_SNAPSHOT_DIGEST its digest, KUBECTL_SNAPSHOT_NAME what it is called.")]
pub(super) struct BisectArgs {
    /// The set for which the command does not fail: a stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, or a folder
    #[arg(add = complete::reference())]
    good: Reference,
    /// The set for which it fails
    #[arg(add = complete::reference())]
    bad: Reference,
    /// The command, with its arguments
    #[arg(value_name = "COMMAND", required = true, last = true)]
    command: Vec<String>,
    /// How sure to be before it speaks, in per cent
    #[arg(long, value_name = "NUMBER", default_value = "99", value_parser = per_cent)]
    odds: f64,
    /// How often to run GOOD and BAD first, to learn how flaky the command is
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    calibrate: u32,
    /// After how many runs to end, and name what may be it
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    max_runs: u32,
    /// Keep results in this file, and go by those that it has [default: in the store, save for files alone]
    #[arg(long, value_name = "FILE", add = complete::file())]
    log: Option<PathBuf>,
    #[command(flatten)]
    policies: PolicyArgs,
    #[command(flatten)]
    output: FileOutputArgs,
}

fn per_cent(text: &str) -> Result<f64, String> {
    let odds = text.trim_end_matches('%').parse::<f64>().ok();
    odds.filter(|odds| (50.0..100.0).contains(odds))
        .ok_or_else(|| "expected a number from 50 to below 100, such as 99 or 99.9".to_owned())
}

/// Looks for the culprit, and says how sure it is.
pub(super) async fn run(args: BisectArgs, session: &Session) -> Result<Exit, Failure> {
    // GOOD and BAD come first, each so often.
    let first = 2 * args.calibrate;
    if args.max_runs <= first {
        return Err(Failure::usage(format!(
            "--max-runs {} leaves no run for the search: --calibrate {} takes {first}",
            args.max_runs, args.calibrate
        )));
    }
    let wanted = Bisection {
        good: args.good,
        bad: args.bad,
        command: args.command,
        sure: args.odds / 100.0,
        calibrate: args.calibrate,
        most_runs: usize::try_from(args.max_runs).unwrap_or(usize::MAX),
        log: args.log,
        policies: args.policies.choice(),
    };
    let found = bisect(&session.app, &wanted).await?;
    let exit = if found.is_decided() { Exit::Done } else { Exit::Undecided };
    session.show(&BisectReport(found), &args.output.format)?;
    Ok(exit)
}
