//! kubectl's protocol, which is cobra's: a candidate a line, and a number that
//! says what the shell is to make of them.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
};

use clap_complete::{CompletionCandidate, engine::complete};
use snapshot_core::visible;

use super::{
    line,
    tab::{Files, Tab},
};
use crate::ui::Program;

/// Directive that cobra calls `ShellCompDirectiveNoSpace`: more is to come.
const NO_SPACE: u8 = 2;
/// `ShellCompDirectiveNoFileComp`: files are none of the candidates.
const NO_FILES: u8 = 4;
/// `ShellCompDirectiveKeepOrder`: newest first, not by name.
const KEEP_ORDER: u8 = 32;

/// Prints candidates for the last of the words, and the directive.
pub(super) fn answer(typed: impl Iterator<Item = OsString>, out: &mut dyn Write) -> io::Result<()> {
    let mut words: Vec<OsString> =
        [Program::of_process().file.into()].into_iter().chain(typed).collect();
    if words.len() == 1 {
        words.push(OsString::new());
    }
    let tab = Tab::begin(line::read(&words), Files::OfTheShell);
    let mut command = line::command();
    let last = words.len() - 1;
    let typed = words[last].to_string_lossy().into_owned();
    let folder = env::current_dir().ok();
    let found = complete(&mut command, words, last, folder.as_deref()).unwrap_or_default();
    let texts: Vec<(String, String)> = found.iter().filter_map(|one| text(one, &typed)).collect();
    for (value, help) in &texts {
        if help.is_empty() {
            writeln!(out, "{value}")?;
        } else {
            writeln!(out, "{value}\t{help}")?;
        }
    }
    let mut directive = KEEP_ORDER;
    if !tab.wants_files() {
        directive += NO_FILES;
    }
    if !texts.is_empty() && texts.iter().all(|(value, _)| value.ends_with(['/', ':', '='])) {
        directive += NO_SPACE;
    }
    writeln!(out, ":{directive}")
}

/// A candidate as kubectl takes it, with what it is.
fn text(candidate: &CompletionCandidate, typed: &str) -> Option<(String, String)> {
    let value = candidate.get_value().to_str()?;
    if value.starts_with('-') && !typed.starts_with('-') {
        // As kubectl has it, flags are offered to those who have begun one.
        return None;
    }
    // Of `--flag=value` cobra's scripts hold on to the flag.
    let flag = match typed.split_once('=') {
        Some((flag, _)) if flag.starts_with('-') => flag.len() + 1,
        _ => 0,
    };
    let value = value.get(flag..)?;
    let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
    let help = help.lines().next().unwrap_or_default().to_owned();
    Some((visible::line(value).into_owned(), visible::line(&help).into_owned()))
}
