//! Command that runs at the end of another, such as the tests of what was captured.

use tokio::process::Command;

use super::{exit::Exit, session::Session};
use crate::app::{Failure, Signal};

/// Runs a command of the shell to its end, with what it should know in its environment.
///
/// It has the terminal, or the pipes, to itself. The exit code is the command's.
/// A signal ends it first, and this program after it.
pub(super) async fn run(
    command: &str,
    environment: &[(&str, String)],
    session: &Session,
) -> Result<Exit, Failure> {
    let fails = |error: std::io::Error| {
        Failure::new(format!("{command}: it cannot be run: {error}")).because(error)
    };
    let _hold = session.app.signals.hold()?;
    let mut shell = shell(command);
    shell.envs(environment.iter().map(|(name, value)| (name, value)));
    // A terminal tells everything in its foreground to end; elsewhere this program does.
    let on_terminal = session.ui.has_keyboard();
    if !on_terminal {
        alone(&mut shell);
    }
    let mut child = shell.spawn().map_err(fails)?;
    let group = child.id();
    let (ended, signal) = tokio::select! {
        ended = child.wait() => (ended, None),
        signal = session.app.signals.come() => {
            if !on_terminal {
                pass_on(signal, group);
            }
            (child.wait().await, Some(signal))
        }
    };
    let status = ended.map_err(fails)?;
    if let Some(signal) = signal {
        return Err(signal.failure());
    }
    match status.code() {
        Some(code) => Ok(Exit::OfCommand(u8::try_from(code).unwrap_or(1))),
        None => Err(Failure::new(format!("{command}: it did not end by itself: {status}"))),
    }
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.args(["/C", command]);
    shell
}

/// Puts it into a group of its own, so that whatever it starts can be told to end.
#[cfg(unix)]
fn alone(shell: &mut Command) {
    shell.process_group(0);
}

#[cfg(windows)]
fn alone(_shell: &mut Command) {}

/// Tells the command, and whatever it has started, to end.
#[cfg(unix)]
fn pass_on(signal: Signal, group: Option<u32>) {
    use rustix::process::{Pid, kill_process_group};
    let signal = match signal {
        Signal::Interrupt => rustix::process::Signal::INT,
        Signal::Terminate => rustix::process::Signal::TERM,
    };
    // Where there is none any more, or this fails, it has ended already, or ends when it is done.
    if let Some(group) = group.and_then(|group| Pid::from_raw(group.try_into().ok()?)) {
        let _ = kill_process_group(group, signal);
    }
}

#[cfg(windows)]
fn pass_on(_signal: Signal, _group: Option<u32>) {}
