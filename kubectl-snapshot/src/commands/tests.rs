//! Invariants of every command, read from the command line's own definition.

use std::collections::{BTreeMap, BTreeSet};

use clap::{Arg, Command, CommandFactory};

use super::Cli;

const README: &str = include_str!("../../../README.md");

/// Commands that print no result which a machine could read in another form.
const WITHOUT_OUTPUT: [(&str, &str); 1] = [("completion", "it prints a script")];

fn leaves(command: &Command, path: &str, found: &mut Vec<(String, Command)>) {
    for below in command.get_subcommands() {
        let path = format!("{path} {}", below.get_name()).trim().to_owned();
        if below.has_subcommands() {
            leaves(below, &path, found);
        } else {
            found.push((path, below.clone()));
        }
    }
}

/// Every command that does something, by its words.
fn every_command() -> Vec<(String, Command)> {
    let mut command = Cli::command();
    command.build();
    let mut found = Vec::new();
    leaves(&command, "", &mut found);
    assert!(found.len() > 30, "only {} commands were found", found.len());
    found
}

#[test]
fn every_command_has_an_output_format() {
    let is_output = |argument: &Arg| argument.get_long() == Some("output");
    for (path, command) in every_command() {
        let output = command.get_arguments().find(|argument| is_output(argument));
        let excepted = WITHOUT_OUTPUT.iter().any(|(name, _)| *name == path);
        assert_eq!(output.is_none(), excepted, "{path}: -o");
        assert!(output.is_none_or(|output| output.get_short() == Some('o')), "{path}: -o");
    }
}

#[test]
fn every_command_has_examples() {
    for (path, command) in every_command() {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples = help.strip_prefix("Examples:\n").unwrap_or_else(|| panic!("{path}: {help}"));
        // As kubectl has them: a comment, and what to type, which begins with the command.
        assert!(examples.starts_with("  # "), "{path}: {examples}");
        let typed = format!("kubectl snapshot {path}");
        let bare = format!("kubectl-snapshot {path}");
        assert!(examples.contains(&typed) || examples.contains(&bare), "{path}: {examples}");
    }
}

#[test]
fn the_readme_lists_every_variable() {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, command) in every_command() {
        for argument in command.get_arguments() {
            if let (Some(variable), Some(flag)) = (argument.get_env(), argument.get_long()) {
                let variable = variable.to_string_lossy().into_owned();
                known.entry(variable).or_default().insert(format!("--{flag}"));
            }
        }
    }
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| `KUBECTL_SNAPSHOT_")?.split('`');
        let variable = format!("KUBECTL_SNAPSHOT_{}", cells.next()?);
        Some((variable, BTreeSet::from([cells.nth(1)?.to_owned()])))
    };
    let listed: BTreeMap<String, BTreeSet<String>> = README.lines().filter_map(row).collect();
    assert_eq!(listed, known);
}
