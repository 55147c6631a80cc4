//! `completion`: what the shell offers on Tab.
//!
//! One engine answers everybody. kubectl calls it in cobra's protocol, for
//! `kubectl snapshot <Tab>` in any shell; the shells call it in clap's, for the
//! bare binary. An argument's own attribute says what completes it ([`complete`]); a
//! test fails where one says nothing.

mod answer;
mod bash;
mod candidates;
pub mod complete;
mod kubectl;
mod line;
mod script;
mod tab;

use clap::{Args, ValueEnum};

use super::{exit::Exit, session::Session};
use crate::app::Failure;

pub use answer::answer;

/// Print the script that makes a shell, or kubectl itself, complete commands
///
/// Tab then offers snapshots, stages, variable sets, policies, namespaces and
/// contexts as well, as far as you may read them.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # For `kubectl snapshot <Tab>` in every shell: an executable on your PATH
  kubectl snapshot completion kubectl > ~/.local/bin/kubectl_complete-snapshot
  chmod +x ~/.local/bin/kubectl_complete-snapshot

  # The same on Windows, in a folder of your PATH; there kubectl takes .exe for a part of the
  # plugin's name, unless an empty file has the name without it
  kubectl snapshot completion kubectl | Out-File -Encoding ascii kubectl_complete-snapshot.cmd
  New-Item kubectl-snapshot

  # For the bare binary, in bash
  source <(kubectl-snapshot completion bash)")]
pub(super) struct CompletionArgs {
    /// The shell, or kubectl
    #[arg(value_enum)]
    shell: Target,
}

/// Shell that completes, or kubectl.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Target {
    Kubectl,
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    /// Batch file that kubectl calls on Windows, for archives that are packed elsewhere.
    #[value(hide = true)]
    KubectlOnWindows,
}

/// Prints the script, without asking a cluster.
pub(super) fn run(args: &CompletionArgs, session: &Session) -> Result<Exit, Failure> {
    session.print(|out| Ok(script::write(args.shell, &session.ui.program().file, out)?))?;
    Ok(Exit::Done)
}
