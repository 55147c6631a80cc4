//! What the program is called here: `kubectl snapshot`, unless it was installed as another plugin.

use std::{ffi::OsString, path::Path};

use clap::Command;

/// What help texts call it.
const WRITTEN: &str = "kubectl snapshot";

/// How the first of a process's arguments is typed: `/bin/kubectl-resource_snapshot` as
/// `kubectl resource-snapshot`, which is what kubectl makes of such a file's name.
///
/// What is no name of a plugin is called what the help texts call it.
pub(super) fn typed(first: Option<OsString>) -> String {
    let path = first.unwrap_or_default();
    let name = Path::new(&path).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    match name.strip_prefix("kubectl-") {
        Some(rest) if !rest.is_empty() && rest.chars().all(plain) => {
            format!("kubectl {}", rest.replace('-', " ").replace('_', "-"))
        }
        _ => WRITTEN.to_owned(),
    }
}

/// The commands as they are typed here: usage, descriptions and examples say that name.
pub(super) fn named(command: Command, name: &str) -> Command {
    if name == WRITTEN {
        return command;
    }
    rewritten(command.name(name.to_owned()).bin_name(name), name)
}

fn rewritten(mut command: Command, name: &str) -> Command {
    let here = |text: &clap::builder::StyledStr| text.ansi().to_string().replace(WRITTEN, name);
    if let Some(about) = command.get_about().map(here) {
        command = command.about(about);
    }
    if let Some(about) = command.get_long_about().map(here) {
        command = command.long_about(about);
    }
    if let Some(after) = command.get_after_help().map(here) {
        command = command.after_help(after);
    }
    command.mut_subcommands(|below| rewritten(below, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(path: &str) -> String {
        typed(Some(path.into()))
    }

    #[test]
    fn a_plugin_is_typed_as_kubectl_finds_it() {
        assert_eq!(called("kubectl-snapshot"), "kubectl snapshot");
        assert_eq!(called("/opt/bin/kubectl-snapshot.exe"), "kubectl snapshot");
        assert_eq!(called("./kubectl-resource_snapshot"), "kubectl resource-snapshot");
        assert_eq!(called("kubectl-team-snapshot"), "kubectl team snapshot");
    }

    #[test]
    fn what_is_no_plugin_keeps_its_name() {
        for other in ["", "snapshot", "kubectl-", "kubectl-a b", "oc-snapshot"] {
            assert_eq!(called(other), "kubectl snapshot", "{other}");
        }
        assert_eq!(typed(None), "kubectl snapshot");
    }

    #[test]
    fn every_text_of_a_renamed_plugin_says_its_name() {
        let below = Command::new("list")
            .about("kubectl snapshot lists")
            .after_help("kubectl snapshot list");
        let command = named(Command::new(WRITTEN).subcommand(below), "kubectl kit");
        let help = command.clone().try_get_matches_from(["kubectl-kit", "list", "--help"]);
        let help = help.unwrap_err().to_string();
        assert!(help.contains("Usage: kubectl kit list"), "{help}");
        assert!(!help.contains(WRITTEN), "{help}");
    }
}
