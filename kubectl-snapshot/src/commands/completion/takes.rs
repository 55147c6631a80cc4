//! What an argument takes, as its value is called in the help.

use std::ffi::OsStr;

use clap::{Arg, Command, CommandFactory};
use clap_complete::{ArgValueCompleter, CompletionCandidate, PathCompleter};

use super::{
    candidates,
    tab::{Files, Tab},
};
use crate::commands::Cli;

/// What an argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Whatever names a snapshot.
    Reference,
    /// The name of a stored snapshot.
    Snapshot,
    /// A stage.
    Stage,
    /// A file, or a stage's record.
    FileOrStage,
    /// A variable set.
    Set,
    /// A policy: bound, shipped, or a file.
    Policy,
    /// A policy that is bound.
    BoundPolicy,
    /// A service of what the line names.
    Service,
    /// A namespace.
    Namespace,
    /// A namespace, perhaps of another context.
    Place,
    /// A context of the kubeconfig.
    Context,
    /// A cluster of the kubeconfig.
    Cluster,
    /// A user of the kubeconfig.
    User,
    /// An output format.
    Format,
    /// A file or a folder.
    File,
    /// Something that only the user knows.
    Text,
}

/// Values that nobody but the user knows.
const TEXTS: [&str; 19] = [
    "BOOL",
    "COMMAND",
    "DIGEST",
    "DURATION",
    "GROUP",
    "KIND",
    "MESSAGE",
    "N",
    "NAME",
    "NAME=VALUE",
    "NAME=VALUE[UNIT]",
    "NAMES",
    "SET,SET",
    "SIZE",
    "TEXT",
    "TOKEN",
    "UID",
    "URL",
    "USER",
];

/// The command line, whose arguments know what may be put in.
pub(super) fn command(tab: &Tab) -> Command {
    let mut command = Cli::command();
    // Built first: the flags of every command are copied into each.
    command.build();
    offering(command, tab)
}

fn offering(command: Command, tab: &Tab) -> Command {
    let name = command.get_name().to_owned();
    command
        .mut_args(|argument| {
            let takes = takes(&name, &argument).unwrap_or(Takes::Text);
            // Flags come after everything else, and only where nothing else does.
            let argument = if argument.is_positional() { argument } else { argument.hide(true) };
            if takes == Takes::Text { argument } else { offer(argument, takes, tab) }
        })
        .mut_subcommands(|below| offering(below, tab))
}

/// What an argument takes; `None` where nobody has decided it yet.
pub(super) fn takes(command: &str, argument: &Arg) -> Option<Takes> {
    if !argument.get_num_args().is_none_or(|values| values.takes_values())
        || !argument.get_possible_values().is_empty()
    {
        return Some(Takes::Text);
    }
    let value = argument.get_value_names().and_then(<[_]>::first).map_or("", |name| name.as_str());
    Some(match (command, argument.get_id().as_str(), value) {
        ("delete", "names", _) => Takes::Snapshot,
        ("remove", "name", _) => Takes::BoundPolicy,
        // A user that the API server knows, and the kubeconfig does not.
        (_, "impersonate", _) => Takes::Text,
        (_, _, "REF" | "A" | "B") => Takes::Reference,
        (_, _, "STAGE" | "STAGE[/NUMBER]") => Takes::Stage,
        (_, _, "FILE|STAGE/NUMBER") => Takes::FileOrStage,
        (_, _, "SET") => Takes::Set,
        (_, _, "POLICY") => Takes::Policy,
        (_, _, "SERVICE") => Takes::Service,
        (_, _, "NAMESPACE") => Takes::Namespace,
        (_, _, "[CONTEXT/]NAMESPACE") => Takes::Place,
        (_, _, "CONTEXT") => Takes::Context,
        (_, _, "CLUSTER") => Takes::Cluster,
        (_, _, "USER") => Takes::User,
        (_, _, "FORMAT") => Takes::Format,
        (_, _, "FILE" | "DIR" | "FOLDER" | "FILE|JSON") => Takes::File,
        (_, _, known) if TEXTS.contains(&known) || known.starts_with("oci://") => Takes::Text,
        _ => return None,
    })
}

fn offer(argument: Arg, takes: Takes, tab: &Tab) -> Arg {
    let (tab, asked) = (tab.clone(), argument.clone());
    argument.add(ArgValueCompleter::new(move |typed: &OsStr| {
        let Some(text) = typed.to_str() else { return Vec::new() };
        let mut found = candidates::of(takes, text, &asked, &tab);
        found.retain(|candidate| candidate.get_value().to_string_lossy().starts_with(text));
        if takes.may_be_file() {
            found.extend(files(typed, text, takes, &tab));
        }
        found
    }))
}

/// The files that go on from what is typed.
fn files(typed: &OsStr, text: &str, takes: Takes, tab: &Tab) -> Vec<CompletionCandidate> {
    use clap_complete::engine::ValueCompleter;

    if tab.files() == Files::OfTheShell {
        tab.want_files();
        return Vec::new();
    }
    // A name may be a file's, too, but a path is nothing else.
    if takes == Takes::File || text.starts_with('.') || text.contains(['/', '\\']) {
        PathCompleter::any().complete(typed)
    } else {
        Vec::new()
    }
}

impl Takes {
    /// Whether a file would do.
    fn may_be_file(self) -> bool {
        matches!(self, Self::Reference | Self::FileOrStage | Self::Policy | Self::File)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undecided(command: &Command, path: &str, found: &mut Vec<String>) {
        for argument in command.get_arguments() {
            if takes(command.get_name(), argument).is_none() {
                found.push(format!("{path} {argument}"));
            }
        }
        for below in command.get_subcommands() {
            undecided(below, &format!("{path} {}", below.get_name()), found);
        }
    }

    #[test]
    fn whoever_adds_an_argument_says_what_it_takes() {
        let mut command = Cli::command();
        command.build();
        let mut found = Vec::new();
        undecided(&command, "", &mut found);
        assert!(found.is_empty(), "nothing says what these take:\n{}", found.join("\n"));
    }
}
