//! Entry point of completion: recognises the caller, and answers in its protocol.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use super::{
    kubectl, line,
    script::{SHELL, SHELLS},
    tab::{Files, Tab},
};
use crate::{
    commands::exit::Exit,
    ui::{ColorChoice, Ui},
};

/// The word that kubectl's script begins with.
const KUBECTL: &str = "__complete";

/// Answers kubectl or a shell, if that is what this program was called for.
///
/// Whatever goes wrong is passed over in silence: nothing is worse than an error on Tab.
#[must_use]
pub fn answer() -> Option<ExitCode> {
    let arguments: Vec<OsString> = env::args_os().collect();
    let mut text = Vec::new();
    let answered = if arguments.get(1).is_some_and(|word| word == KUBECTL) {
        kubectl::answer(arguments.into_iter().skip(2), &mut text)
    } else {
        let shell = env::var(SHELL).ok()?;
        of_shell(&shell, arguments, &mut text)
    };
    if answered.is_ok() {
        let ui = Ui::new(ColorChoice::Never);
        drop(ui.result::<io::Error>(|out| out.write_all(&text)));
    }
    Some(Exit::Done.into())
}

/// Answers a shell's script: what it hands over follows `--`, the program's name first.
fn of_shell(shell: &str, arguments: Vec<OsString>, out: &mut dyn Write) -> io::Result<()> {
    let mut words: Vec<OsString> =
        arguments.into_iter().skip_while(|word| word != "--").skip(1).collect();
    if words.is_empty() {
        words.push(OsString::new());
    }
    let shell = SHELLS
        .iter()
        .find(|known| known.is(shell))
        .ok_or_else(|| io::Error::other("no such shell"))?;
    Tab::begin(line::read(&words), Files::Candidates);
    let mut command = line::command();
    shell.write_complete(&mut command, words, env::current_dir().ok().as_deref(), out)
}
