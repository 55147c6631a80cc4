//! `doctor`: what can be wrong, and what to do about it.

use std::collections::BTreeSet;

use clap::{Args, CommandFactory};

use super::{Cli, exit::Exit, output::OutputArgs, session::Session};
use crate::{app::Failure, doctor::examine};

/// See what can be wrong, and what to do about it
///
/// Looks at the versions, the cluster, what you may do, the guard, the store and
/// every part of it, work that nobody has finished, the cache of compiled policies,
/// and the environment. Changes nothing, and reads no Secret. Exits 1 where
/// something does not work.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What is wrong?
  kubectl snapshot doctor

  # With a store of files, and without a cluster
  kubectl snapshot doctor --store ./snapshots

  # May a colleague promote?
  kubectl snapshot doctor --as anna -n shop")]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    output: OutputArgs,
}

/// Examines everything, and says what was found.
pub(super) async fn run(args: DoctorArgs, session: &Session) -> Result<Exit, Failure> {
    session.app.connections.refuse_several()?;
    let report = examine(&session.app, variables()).await;
    session.show(&report, &args.output.format)?;
    Ok(if report.has_problems() { Exit::Failed } else { Exit::Done })
}

/// The variables that some flag of some command takes its value from.
fn variables() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let mut commands = vec![Cli::command()];
    while let Some(command) = commands.pop() {
        let variables = command.get_arguments().filter_map(clap::Arg::get_env);
        known.extend(variables.filter_map(|name| name.to_str()).map(str::to_owned));
        commands.extend(command.get_subcommands().cloned());
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_every_command_are_known() {
        let known = variables();
        for name in ["KUBECTL_SNAPSHOT_STORE", "KUBECTL_SNAPSHOT_POLICY_TIMEOUT"] {
            assert!(known.contains(name), "{known:?}");
        }
    }
}
