//! The command, run against a mix.

use std::{io, process::Stdio, time::Duration};

use snapshot_core::bisect::Colour;
use tokio::process::{Child, Command};

use super::{BisectError, mixes::Made};
use crate::app::{App, Failure};

/// Exit code of a command that cannot test what it was given.
const UNTESTABLE: i32 = 125;
/// Time that the command may take to end when it is told to.
const GRACE: Duration = Duration::from_millis(1500);

/// Colour that an exit code gives a mix, as `git bisect run` has it; none where it cannot be tested.
pub(super) fn colour(code: i32) -> Option<Colour> {
    match code {
        0 => Some(Colour::Green),
        UNTESTABLE => None,
        _ => Some(Colour::Red),
    }
}

/// Runs the command to its end. It reads nothing, and whatever it prints is not this program's
/// result.
pub(super) async fn run(app: &App, command: &[String], made: &Made) -> Result<i32, Failure> {
    let shown = command.join(" ");
    let (program, arguments) = command.split_first().ok_or_else(|| Failure::usage("no command"))?;
    let _hold = app.signals.hold()?;
    let mut started = Command::new(program);
    started
        .args(arguments)
        .env("KUBECTL_SNAPSHOT_NAME", &made.name)
        .env("KUBECTL_SNAPSHOT_DIGEST", made.digest.to_string())
        .env("KUBECTL_SNAPSHOT_FILE", made.file.path())
        .stdin(Stdio::null())
        .stdout(Stdio::from(io::stderr()))
        .kill_on_drop(true);
    alone(&mut started);
    let no_command = |error: io::Error| BisectError::NoCommand {
        command: shown.clone(),
        cause: error.to_string(),
    };
    let mut child = started.spawn().map_err(no_command)?;
    let group = child.id();
    let ended = tokio::select! {
        ended = child.wait() => ended,
        signal = app.signals.come() => {
            end(&mut child, group).await;
            return Err(signal.failure());
        }
    };
    // What it has left behind is not to go on beside the next run.
    tell(group, Wish::Die);
    let code = code_of(ended.map_err(no_command)?);
    match code {
        126 | 127 => {
            let cause = format!("it ended with exit code {code}");
            Err(BisectError::NoCommand { command: shown, cause }.into())
        }
        128.. => Err(BisectError::Stopped { command: shown, code }.into()),
        code => Ok(code),
    }
}

/// Ends the command with all that it has started.
async fn end(child: &mut Child, group: Option<u32>) {
    tell(group, Wish::End);
    if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
        tell(group, Wish::Die);
        let _ = child.wait().await;
    }
    tell(group, Wish::Die);
}

/// A wish that processes end.
#[derive(Clone, Copy)]
enum Wish {
    End,
    Die,
}

#[cfg(unix)]
fn alone(command: &mut Command) {
    command.process_group(0);
}

#[cfg(windows)]
fn alone(_command: &mut Command) {}

#[cfg(unix)]
fn tell(group: Option<u32>, wish: Wish) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = match wish {
        Wish::End => Signal::TERM,
        Wish::Die => Signal::KILL,
    };
    // Where there is none any more, it has ended already.
    if let Some(group) = group.and_then(|group| Pid::from_raw(group.try_into().ok()?)) {
        let _ = kill_process_group(group, signal);
    }
}

#[cfg(windows)]
fn tell(_group: Option<u32>, _wish: Wish) {}

#[cfg(unix)]
fn code_of(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

#[cfg(windows)]
fn code_of(status: std::process::ExitStatus) -> i32 {
    status.code().unwrap_or(1)
}
