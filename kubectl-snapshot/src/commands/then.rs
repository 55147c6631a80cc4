//! What runs once a command is done, such as the tests of what was captured.

use std::process::{Command, ExitStatus};

use super::{exit::Exit, failure::Failure, session::Session};

/// A signal that asks a command to end.
#[derive(Clone, Copy)]
enum Signal {
    Interrupt,
    Terminate,
}

/// Runs a command of the shell to its end, with what it should know in its environment.
///
/// It has the terminal, or the pipes, to itself. The exit code is the command's.
/// Ctrl-C ends it first, and this program after it.
pub(super) async fn run(
    command: &str,
    environment: &[(&str, String)],
    session: &Session,
) -> Result<Exit, Failure> {
    let fails =
        |error: std::io::Error| Failure::new(format!("{command}: it cannot be run: {error}"));
    let mut shell = shell(command);
    shell.envs(environment.iter().map(|(name, value)| (name, value)));
    // A terminal tells everything in its foreground to end; elsewhere this program does.
    let on_terminal = session.ui.has_keyboard();
    if !on_terminal {
        alone(&mut shell);
    }
    let mut child = shell.spawn().map_err(fails)?;
    let group = child.id();
    let mut ending = tokio::task::spawn_blocking(move || child.wait());
    let (ended, stopped) = tokio::select! {
        ended = &mut ending => (ended, false),
        signal = asked_to_end(session) => {
            if !on_terminal {
                pass_on(signal, group);
            }
            (ending.await, true)
        }
    };
    let status: ExitStatus =
        ended.map_err(|error| Failure::new(error.to_string()))?.map_err(fails)?;
    if stopped {
        return Err(Failure::new("interrupted").with_exit(Exit::Interrupted));
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
    std::os::unix::process::CommandExt::process_group(shell, 0);
}

#[cfg(windows)]
fn alone(_shell: &mut Command) {}

/// Returns once this program is asked to end.
async fn asked_to_end(session: &Session) -> Signal {
    tokio::select! {
        () = session.stop.wait() => Signal::Interrupt,
        () = terminated() => Signal::Terminate,
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(windows)]
async fn terminated() {
    std::future::pending().await
}

/// Tells the command, and whatever it has started, to end.
fn pass_on(signal: Signal, group: u32) {
    let name = match signal {
        Signal::Interrupt => "INT",
        Signal::Terminate => "TERM",
    };
    if cfg!(unix) {
        // Where this fails it has ended already, or ends when it is done.
        let _ = shell(&format!("kill -s {name} -- -{group}")).status();
    }
}
