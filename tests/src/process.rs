//! End of a process, one way or another.

use std::io::{Read, Write};
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use std::{iter, thread};

/// End of a process.
pub(crate) struct Ended {
    /// Exit code as a shell gives it; nothing where the process had to be killed.
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Feeds a process whose three streams are pipes, and waits until it has ended
/// by itself, or kills it when the time is up. Without an input its stdin stays
/// open until then.
pub(crate) fn finish(mut child: Child, input: Option<String>, timeout: Duration) -> Ended {
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let _open = match input {
        // A program that ends without reading its input is no error here.
        Some(input) => {
            thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
            None
        }
        None => Some(stdin),
    };
    let stdout = read(child.stdout.take().expect("stdout is piped"));
    let stderr = read(child.stderr.take().expect("stderr is piped"));
    let status = wait(&mut child, Instant::now() + timeout);
    Ended { exit: status.map(code), stdout: collect(&stdout), stderr: collect(&stderr) }
}

/// Waits until a child has ended by itself, or kills it and returns nothing.
pub(crate) fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    // std has no wait with a timeout; the pause grows to stay below a tenth of
    // what the run has taken, so that neither fast nor slow runs notice.
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return Some(status);
        }
        if Instant::now() > deadline {
            child.kill().expect("a child can be killed");
            child.wait().expect("a killed child ends");
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 11 / 10).min(Duration::from_millis(50));
    }
}

/// Reads a pipe piece by piece, on a thread of its own.
fn read(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            if send.send(buffer[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    receive
}

/// Joins the pieces. A grandchild that lives on may hold the pipe open: after
/// the program has ended, its own output is there or never will be.
fn collect(pieces: &Receiver<Vec<u8>>) -> String {
    let grace = Duration::from_secs(2);
    let bytes: Vec<u8> = iter::from_fn(|| pieces.recv_timeout(grace).ok()).flatten().collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The exit code; 128 and the signal's number where one ended the process.
pub(crate) fn code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(-1)
}
