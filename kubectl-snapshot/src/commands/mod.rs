//! Subcommands, one file each: arguments → one call → show.

mod alias_args;
mod apply;
mod approve;
mod bisect;
mod capture;
mod check;
mod checking;
mod completion;
mod compose;
mod confirm;
mod delete;
mod deploying;
mod describe;
mod diff;
mod doctor;
mod evidence;
mod exit;
mod export;
mod flag_value;
mod flags;
mod gc;
mod get;
mod global;
mod help;
mod history;
mod init;
mod list;
mod output;
mod part_args;
mod policy;
mod policy_args;
mod promote;
mod promoting;
mod repositories;
mod rollback;
mod row;
mod session;
mod snapshot_document;
mod stage;
mod status;
mod stored;
mod subject;
mod tag;
mod then;
mod undoing;
mod variables;
mod version;
mod versions;

#[cfg(test)]
mod outcome_views;
#[cfg(test)]
mod tests;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use completion::{answer as answer_tab, complete};
pub use exit::Exit;
use flag_value::flag_value;
pub use global::GlobalArgs;
pub use session::Session;

use crate::{
    app::{Failure, FailureKind},
    ui::Program,
};

/// Capture, compare, check and apply the versions, variables and feature flags that work together
///
/// A snapshot is the set of versions, variables and feature flags that work
/// together. REF names one everywhere: a stored name, sha256:DIGEST,
/// live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or - for standard input.
#[derive(Parser, Debug)]
#[command(
    name = "kubectl snapshot",
    bin_name = "kubectl snapshot",
    version,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Exit codes: 0 done, or same; 1 different (diff), an error elsewhere; 2 usage
(for diff, every error); 3 denied by a policy; 4 undecided; 5 conflict; 6 failed and
rolled back; 7 timed out; 8 written, but something else runs, or what runs could not
be seen; 130 interrupted; 143 ended by SIGTERM."
)]
pub struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    /// Show on stderr each request with its status, size and time, retries, and what policies
    /// take; twice: headers too, without credentials
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Capture(capture::CaptureArgs),
    List(list::ListArgs),
    Get(get::GetArgs),
    Describe(describe::DescribeArgs),
    Export(export::ExportArgs),
    Diff(diff::DiffArgs),
    Check(check::CheckArgs),
    Versions(versions::VersionsArgs),
    Compose(compose::ComposeArgs),
    Bisect(bisect::BisectArgs),
    Apply(apply::ApplyArgs),
    Promote(promote::PromoteArgs),
    Rollback(rollback::RollbackArgs),
    Status(status::StatusArgs),
    History(history::HistoryArgs),
    Evidence(evidence::EvidenceArgs),
    Approve(approve::ApproveArgs),
    Tag(tag::TagArgs),
    Delete(delete::DeleteArgs),
    Variables(variables::VariablesArgs),
    Stage(stage::StageArgs),
    Flags(flags::FlagsArgs),
    Repositories(repositories::RepositoriesArgs),
    Policy(policy::PolicyCommandArgs),
    Init(init::InitArgs),
    Gc(gc::GcArgs),
    Doctor(doctor::DoctorArgs),
    Completion(completion::CompletionArgs),
    Version(version::VersionArgs),
}

impl Cli {
    /// Parses the process's arguments. Where they name nothing, or ask for help, this
    /// prints so and ends the process.
    #[must_use]
    pub fn of_process() -> Self {
        let mut command = help::named(Self::command(), &Program::of_process());
        let mut matches = command.get_matches_mut();
        let read = GlobalArgs::of(&matches)
            .and_then(|global| Ok(Self { global, ..Self::from_arg_matches_mut(&mut matches)? }));
        read.unwrap_or_else(|error| error.format(&mut command).exit())
    }

    /// The flags of every command.
    #[must_use]
    pub fn global(&self) -> &GlobalArgs {
        &self.global
    }

    /// Verbosity on stderr.
    #[must_use]
    pub fn verbosity(&self) -> u8 {
        self.verbose
    }

    /// Kind of a failure of this program itself: for `diff`, exit code 1 means different.
    #[must_use]
    pub fn kind_of_faults(&self) -> FailureKind {
        match self.command {
            Command::Diff(_) | Command::Status(_) => FailureKind::Usage,
            _ => FailureKind::Failed,
        }
    }

    /// Runs the command.
    pub async fn run(self, session: &Session) -> Result<Exit, Failure> {
        match self.command {
            Command::Capture(args) => capture::run(args, session).await,
            Command::List(args) => list::run(args, session).await,
            Command::Get(args) => get::run(args, session).await,
            Command::Describe(args) => describe::run(args, session).await,
            Command::Export(args) => export::run(args, session).await,
            Command::Diff(args) => diff::run(args, session).await,
            Command::Versions(args) => versions::run(args, session).await,
            Command::Check(args) => check::run(args, session).await,
            Command::Bisect(args) => bisect::run(args, session).await,
            Command::Compose(args) => compose::run(args, session).await,
            Command::Apply(args) => apply::run(args, session).await,
            Command::Promote(args) => promote::run(args, session).await,
            Command::Rollback(args) => rollback::run(args, session).await,
            Command::Status(args) => status::run(args, session).await,
            Command::History(args) => history::run(args, session).await,
            Command::Evidence(args) => evidence::run(args, session).await,
            Command::Approve(args) => approve::run(args, session).await,
            Command::Tag(args) => tag::run(args, session).await,
            Command::Delete(args) => delete::run(args, session).await,
            Command::Variables(args) => variables::run(args, session).await,
            Command::Stage(args) => stage::run(args, session).await,
            Command::Flags(args) => flags::run(args, session).await,
            Command::Repositories(args) => repositories::run(args, session).await,
            Command::Policy(args) => policy::run(args, session).await,
            Command::Init(args) => init::run(args, session).await,
            Command::Gc(args) => gc::run(&args, session).await,
            Command::Doctor(args) => doctor::run(args, session).await,
            Command::Completion(args) => completion::run(&args, session),
            Command::Version(args) => version::run(&args, session),
        }
    }
}
