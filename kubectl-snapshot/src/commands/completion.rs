//! `completion`: what the shell offers on Tab.

use std::time::Duration;

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::{Shell, generate};

use super::{Cli, exit::Exit, failure::Failure, session::Session};

/// Longest wait for the store: a person is waiting for the Tab key.
const PATIENCE: Duration = Duration::from_secs(2);

/// Print the script that makes a shell, or kubectl itself, complete commands
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # For `kubectl snapshot <Tab>`: an executable on your PATH
  kubectl snapshot completion kubectl > ~/.local/bin/kubectl_complete-snapshot
  chmod +x ~/.local/bin/kubectl_complete-snapshot

  # For the bare binary, in bash
  source <(kubectl-snapshot completion bash)")]
pub(super) struct CompletionArgs {
    /// For whom
    #[arg(value_enum)]
    shell: Target,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Target {
    Kubectl,
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
}

/// Prints the script, without asking a cluster.
pub(super) fn run(args: &CompletionArgs, session: &Session) -> Result<Exit, Failure> {
    let shell = match args.shell {
        Target::Kubectl => None,
        Target::Bash => Some(Shell::Bash),
        Target::Zsh => Some(Shell::Zsh),
        Target::Fish => Some(Shell::Fish),
        Target::PowerShell => Some(Shell::PowerShell),
    };
    session.print(|out| {
        match shell {
            Some(shell) => generate(shell, &mut Cli::command(), "kubectl-snapshot", out),
            None => out.write_all(b"#!/bin/sh\n# kubectl calls this on Tab with the words typed so far.\nexec kubectl snapshot __complete \"$@\"\n")?,
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}

/// The words typed so far, the last of them unfinished.
#[derive(Args, Debug)]
pub(super) struct CompleteArgs {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

/// Prints candidates for the last word, a line each, then kubectl's directive.
///
/// Silent where there is no cluster: nothing is worse than an error on Tab.
pub(super) async fn complete(args: CompleteArgs, session: &Session) -> Result<Exit, Failure> {
    let (last, before) =
        args.words.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
    let mut candidates = Vec::new();
    let command = Cli::command();
    let words = before.iter().filter(|word| !word.starts_with('-'));
    // `evidence add` is a command below another: the deepest that was named counts.
    let named = words.fold(None, |found: Option<&clap::Command>, word| {
        found.unwrap_or(&command).find_subcommand(word).or(found)
    });
    match named {
        None => candidates.extend(
            command
                .get_subcommands()
                .filter(|one| !one.is_hide_set())
                .map(|one| one.get_name().to_owned()),
        ),
        Some(subcommand) if last.starts_with('-') => {
            let flags = subcommand.get_arguments().chain(command.get_arguments());
            candidates.extend(flags.filter_map(|flag| Some(format!("--{}", flag.get_long()?))));
        }
        Some(subcommand) if takes_reference(subcommand) => {
            candidates.push("live".to_owned());
            candidates.extend(names(session).await);
        }
        Some(subcommand) if subcommand.get_name() == "delete" => {
            candidates.extend(names(session).await);
        }
        Some(subcommand) => {
            candidates.extend(subcommand.get_subcommands().map(|one| one.get_name().to_owned()));
            let values = subcommand.get_positionals().flat_map(clap::Arg::get_possible_values);
            candidates.extend(values.map(|value| value.get_name().to_owned()));
        }
    }
    session.print(|out| {
        for candidate in candidates.iter().filter(|candidate| candidate.starts_with(last)) {
            writeln!(out, "{candidate}")?;
        }
        // Cobra's "no file completion" and "no file completion, no space".
        writeln!(out, ":4")?;
        Ok(())
    })?;
    Ok(Exit::Done)
}

fn takes_reference(command: &clap::Command) -> bool {
    let names = ["REF", "A"];
    command.get_positionals().any(|argument| {
        argument
            .get_value_names()
            .is_some_and(|of| of.iter().any(|name| names.contains(&name.as_str())))
    })
}

/// The names of stored snapshots; none where they cannot be had at once.
async fn names(session: &Session) -> Vec<String> {
    let list = async { session.store().await.ok()?.list().await.ok() };
    match tokio::time::timeout(PATIENCE, list).await {
        Ok(Some(listing)) => listing.heads.into_iter().map(|head| head.name.to_string()).collect(),
        _ => Vec::new(),
    }
}
