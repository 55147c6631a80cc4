//! Running a build tool: with the tester's environment, and to an end.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

/// Long enough for any build on a busy machine.
pub(crate) const A_BUILD: Duration = Duration::from_mins(5);

/// Variables of the outer cargo and make that are not meant for what runs here.
const FOREIGN: [&str; 10] = [
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_TARGET_DIR",
    "MAKEFLAGS",
    "MAKELEVEL",
    "MFLAGS",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
    "VIRTUAL_ENV",
];

/// A program that did not succeed.
pub(crate) struct Failed {
    /// One line: what was run, how it ended, and the line it printed that tells most.
    pub(crate) summary: String,
    /// All that it printed.
    pub(crate) printed: String,
}

/// Runs `line`, words between single blanks, in a folder.
pub(crate) fn run(line: &str, folder: &Path, timeout: Duration) -> Result<(), Failed> {
    let mut words = line.split(' ');
    let mut command = Command::new(words.next().expect("a line has words"));
    command.args(words).current_dir(folder).stdin(Stdio::null());
    for name in FOREIGN {
        command.env_remove(name);
    }
    // A file, for a grandchild that lives on would keep a pipe open.
    let log = NamedTempFile::new().expect("the folder for temporary files is writable");
    let file = log.reopen().expect("the file is there");
    command.stdout(file.try_clone().expect("a file can be used twice")).stderr(file);
    // A group of its own, so that what it starts ends with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let child = command
        .spawn()
        .map_err(|error| Failed { summary: format!("{line}: {error}"), printed: String::new() })?;
    let ended = match wait(child, Instant::now() + timeout) {
        Some(status) if status.success() => return Ok(()),
        Some(status) => status.to_string(),
        None => format!("ended after {timeout:?}"),
    };
    let printed = fs::read(log.path()).expect("the log was just written");
    let printed = String::from_utf8_lossy(&printed).into_owned();
    Err(Failed { summary: format!("{line}: {ended}: {}", telling(&printed)), printed })
}

/// Runs a command that has to succeed, as [`run`] does.
#[track_caller]
pub(crate) fn succeed(line: &str, folder: &Path) {
    if let Err(Failed { summary, printed }) = run(line, folder, A_BUILD) {
        panic!("{summary}\n{printed}");
    }
}

/// True if a program is there at all.
pub(crate) fn exists(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

fn wait(mut child: Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return Some(status);
        }
        if Instant::now() > deadline {
            // std ends a process, and not its group.
            let group = format!("-{}", child.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// The line that tells most: the first that speaks of an error, else the last.
fn telling(printed: &str) -> &str {
    let error = |line: &&str| line.to_ascii_lowercase().contains("error");
    let mut lines = printed.lines().filter(|line| !line.trim().is_empty());
    lines.clone().find(error).or_else(|| lines.next_back()).unwrap_or("it printed nothing")
}
