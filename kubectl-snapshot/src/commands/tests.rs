//! Invariants of every command, read from the command line's own definition.

use clap::{Arg, Command, CommandFactory, builder::PossibleValue};

use super::Cli;
use crate::render::FormatChoice;

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
fn help_lists_the_formats_that_a_command_takes() {
    // The message names the commands that have more formats than the others.
    let elsewhere = FormatChoice::Common.read("html").unwrap_err().to_string();
    let (named, _) = elsewhere.split_once(" have ").unwrap();
    for (path, command) in every_command() {
        let of_output = |argument: &&Arg| argument.get_long() == Some("output");
        let Some(output) = command.get_arguments().find(of_output) else { continue };
        // An export is no report: its forms are those of other deployers.
        if path == "export" {
            let forms = output.get_possible_values();
            let named: Vec<&str> = forms.iter().map(PossibleValue::get_name).collect();
            assert_eq!(named, ["document", "kustomize", "helm-values", "manifests"]);
            assert!(forms.iter().all(|form| form.get_help().is_some()));
            continue;
        }
        let probe = Command::new("probe").no_binary_name(true).arg(output.clone());
        let takes_html = probe.try_get_matches_from(["-o", "html"]).is_ok();
        let choice = if takes_html { FormatChoice::All } else { FormatChoice::Common };
        let help = output.get_help().map(ToString::to_string).unwrap_or_default();
        assert_eq!(help, format!("How to print it: {}", choice.list()), "{path}");
        assert_eq!(named.split([' ', ',']).any(|word| word == path), takes_html, "{path}");
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
