//! Command line as Tab finds it: half typed.

use std::ffi::OsString;

use clap::{ArgMatches, Command, CommandFactory, parser::ValueSource};
use snapshot_core::reference::Reference;

use super::tab::{Home, Line};
use crate::commands::{Cli, GlobalArgs};

/// Reads a line whose last word is not finished.
pub(super) fn read(line: &[OsString]) -> Line {
    let typed = line.split_last().map_or(line, |(_, typed)| typed);
    // A flag without its value, an argument that is missing: the line is half typed.
    let Ok(matches) = Cli::command().ignore_errors(true).try_get_matches_from(typed) else {
        return Line::default();
    };
    let home = GlobalArgs::of(&matches).ok().map(|globals| Home {
        cluster: globals.connect_options(),
        store: globals.store.clone(),
        store_namespace: globals.store_namespace.clone(),
    });
    Line { home, references: references(&matches) }
}

/// The command line as Tab sees it: flags come after everything else, and only where nothing else does.
pub(super) fn command() -> Command {
    let mut command = Cli::command();
    // Built first: the flags of every command are copied into each.
    command.build();
    flags_last(command)
}

fn flags_last(command: Command) -> Command {
    command
        .mut_args(|argument| if argument.is_positional() { argument } else { argument.hide(true) })
        .mut_subcommands(flags_last)
}

/// Whatever of a command was typed as a snapshot.
fn references(matches: &ArgMatches) -> Vec<Reference> {
    if let Some((_, below)) = matches.subcommand() {
        return references(below);
    }
    let typed =
        |id: &&clap::Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
    let read =
        |id: &clap::Id| matches.try_get_one::<Reference>(id.as_str()).ok().flatten().cloned();
    matches.ids().filter(typed).filter_map(read).collect()
}
