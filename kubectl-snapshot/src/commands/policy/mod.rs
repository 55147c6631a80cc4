//! `policy`: the rules that a set is judged by.

mod add;
mod bench;
mod decision;
mod fixture;
mod inspect;
mod list;
mod new;
mod pull;
mod push;
mod remove;
mod replay;
mod run;
mod settings;
mod supposed;
mod test;
mod update;

use clap::{Args, Subcommand};

use super::{exit::Exit, session::Session};
use crate::app::Failure;

/// Write, test, inspect and bind the policies that a set is judged by
///
/// A policy is a WebAssembly component: typed records in, findings out.
#[derive(Args, Debug)]
#[command(after_help = "\
POLICY is a file (./rules.wasm), the name of one that is bound or ships (semver-major), or a
reference into a registry (oci://REGISTRY/NAME@sha256:DIGEST).")]
pub(super) struct PolicyCommandArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    New(new::NewArgs),
    Test(test::TestArgs),
    Inspect(inspect::InspectArgs),
    Run(Box<run::RunArgs>),
    Bench(bench::BenchArgs),
    Add(add::AddArgs),
    List(list::ListArgs),
    Remove(remove::RemoveArgs),
    Push(push::PushArgs),
    Pull(pull::PullArgs),
}

/// Runs the subcommand.
pub(super) async fn run(args: PolicyCommandArgs, session: &Session) -> Result<Exit, Failure> {
    match args.action {
        Action::New(args) => new::run(args, session).await,
        Action::Test(args) => test::run(args, session).await,
        Action::Inspect(args) => inspect::run(args, session).await,
        Action::Run(args) => run::run(*args, session).await,
        Action::Bench(args) => bench::run(args, session).await,
        Action::Add(args) => add::run(args, session).await,
        Action::List(args) => list::run(args, session).await,
        Action::Remove(args) => remove::run(args, session).await,
        Action::Push(args) => push::run(args, session).await,
        Action::Pull(args) => pull::run(args, session).await,
    }
}
