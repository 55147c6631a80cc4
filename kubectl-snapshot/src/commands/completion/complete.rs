//! Completers of arguments, named for what an argument takes: `#[arg(add = complete::stage())]`.

use std::ffi::OsStr;

use clap_complete::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, engine::ValueCompleter as _,
};

use super::{
    candidates,
    tab::{Files, Tab},
};
use crate::render::FormatChoice;

/// Candidates for what is typed so far, and perhaps others.
type Candidates = fn(&str, &Tab) -> Vec<CompletionCandidate>;

/// Whatever names a snapshot: a file, too.
pub fn reference() -> ArgValueCompleter {
    completer(candidates::references, Some(Paths::Told))
}

/// The name of a stored snapshot.
pub fn snapshot() -> ArgValueCompleter {
    completer(candidates::snapshots, None)
}

/// A stage.
pub fn stage() -> ArgValueCompleter {
    completer(candidates::stages, None)
}

/// A stage's record: a file, too.
pub fn record() -> ArgValueCompleter {
    completer(candidates::stages, Some(Paths::Told))
}

/// A variable set.
pub fn variable_set() -> ArgValueCompleter {
    completer(candidates::variable_sets, None)
}

/// A git repository.
pub fn repository() -> ArgValueCompleter {
    completer(candidates::repositories, None)
}

/// A flag of what runs.
pub fn flag() -> ArgValueCompleter {
    completer(candidates::flags, None)
}

/// A flag source.
pub fn flag_source() -> ArgValueCompleter {
    completer(candidates::flag_sources, None)
}

/// A policy: bound, shipped, or a file.
pub fn policy() -> ArgValueCompleter {
    completer(candidates::policies, Some(Paths::Told))
}

/// A policy that is bound.
pub fn bound_policy() -> ArgValueCompleter {
    completer(candidates::bound_policies, None)
}

/// A service of what the line names.
pub fn service() -> ArgValueCompleter {
    completer(candidates::services, None)
}

/// A part of what the line names.
pub fn part() -> ArgValueCompleter {
    completer(candidates::parts, None)
}

/// A namespace.
pub fn namespace() -> ArgValueCompleter {
    completer(candidates::namespaces, None)
}

/// A namespace, perhaps of another context.
pub fn place() -> ArgValueCompleter {
    completer(candidates::places, None)
}

/// A context of the kubeconfig.
pub fn context() -> ArgValueCompleter {
    completer(candidates::contexts, None)
}

/// A cluster of the kubeconfig.
pub fn cluster() -> ArgValueCompleter {
    completer(candidates::clusters, None)
}

/// A user of the kubeconfig.
pub fn user() -> ArgValueCompleter {
    completer(candidates::users, None)
}

/// An output format.
pub fn format(choice: FormatChoice) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| {
        let typed = typed.to_string_lossy();
        let begun = choice.candidates().filter(|(format, _)| format.starts_with(&*typed));
        let candidate = |(format, purpose): (String, &'static str)| {
            CompletionCandidate::new(format).help(Some(purpose.into()))
        };
        begun.map(candidate).collect()
    })
}

/// A file or a folder.
pub fn file() -> ArgValueCompleter {
    completer(|_, _| Vec::new(), Some(Paths::Any))
}

/// Words that are taken for paths.
#[derive(Clone, Copy)]
enum Paths {
    /// Every word.
    Any,
    /// Those that look like one: a name may be a file's, too, but a path is nothing else.
    Told,
}

fn completer(candidates: Candidates, paths: Option<Paths>) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| {
        let (Some(tab), Some(text)) = (Tab::of_process(), typed.to_str()) else {
            return Vec::new();
        };
        let mut found = candidates(text, tab);
        found.retain(|candidate| candidate.get_value().to_string_lossy().starts_with(text));
        if let Some(paths) = paths {
            found.extend(files(typed, text, paths, tab));
        }
        found
    })
}

/// The files that go on from what is typed.
fn files(typed: &OsStr, text: &str, paths: Paths, tab: &Tab) -> Vec<CompletionCandidate> {
    if tab.files() == Files::OfTheShell {
        tab.want_files();
        return Vec::new();
    }
    match paths {
        Paths::Told if !text.starts_with('.') && !text.contains(['/', '\\']) => Vec::new(),
        Paths::Any | Paths::Told => PathCompleter::any().complete(typed),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command, CommandFactory};

    use super::*;
    use crate::commands::Cli;

    /// Values that nobody but the user knows.
    const TEXTS: [&str; 37] = [
        "BOOL",
        "BRANCH",
        "COMMAND",
        "DIGEST",
        "DURATION",
        "FLAG=VALUE",
        "GROUP",
        "ENVIRONMENT",
        "KEY=VALUE",
        "KIND",
        "LABELS",
        "MESSAGE",
        "N",
        "NAME",
        "NAME=VALUE",
        "NAME=VALUE[UNIT]",
        "NAMES",
        "NAME[=GROUP,…]",
        "NUMBER",
        "PART=NAMESPACE,PART=NAMESPACE",
        "PATH",
        "PATTERN",
        "PROJECT",
        "REPOSITORY",
        "SERVICE=IMAGE",
        "SERVICE@REF",
        "SET,SET",
        "SIZE",
        "TEXT",
        "TOKEN",
        "UID",
        "URL",
        "USER",
        "[NAMESPACE/]NAME",
        "[KIND/]NAME=OUTCOME|VALUE[@STAGE]",
        "oci://HOST/PATH[:TAG]",
        "oci://HOST/PATH[:TAG][@sha256:DIGEST]",
    ];

    /// Calls `look` with every argument, and where it is.
    fn each(command: &Command, path: &str, look: &mut dyn FnMut(&str, &Arg)) {
        for argument in command.get_arguments() {
            look(&format!("{path} {argument}"), argument);
        }
        for below in command.get_subcommands() {
            each(below, &format!("{path} {}", below.get_name()), look);
        }
    }

    fn built() -> Command {
        let mut command = Cli::command();
        command.build();
        command
    }

    fn value_name(argument: &Arg) -> &str {
        argument.get_value_names().and_then(<[_]>::first).map_or("", |name| name.as_str())
    }

    #[test]
    fn every_argument_is_completed_or_takes_what_only_the_user_knows() {
        let mut found = Vec::new();
        each(&built(), "", &mut |path, argument| {
            let takes_value = argument.get_num_args().is_none_or(|values| values.takes_values());
            let is_completed = !argument.get_possible_values().is_empty()
                || argument.get::<ArgValueCompleter>().is_some();
            if takes_value && !is_completed && !TEXTS.contains(&value_name(argument)) {
                found.push(path.to_owned());
            }
        });
        assert!(found.is_empty(), "nothing completes these:\n{}", found.join("\n"));
    }

    #[test]
    fn every_format_that_is_offered_is_taken() {
        each(&built(), "", &mut |path, argument| {
            if value_name(argument) != "FORMAT" {
                return;
            }
            let probe = Command::new("probe").no_binary_name(true).arg(argument.clone());
            // A template is the user's to write.
            let taken = |format: &OsStr| {
                let format = format.to_string_lossy().replace("jsonpath=", "jsonpath={.kind}");
                probe.clone().try_get_matches_from(["-o", &format]).is_ok()
            };
            let completer = argument.get::<ArgValueCompleter>().unwrap();
            let offered = completer.complete(OsStr::new(""));
            for format in &offered {
                assert!(taken(format.get_value()), "{path}: {format:?}");
            }
            let html = offered.iter().any(|format| format.get_value() == "html");
            assert_eq!(taken(OsStr::new("html")), html, "{path}");
        });
    }
}
