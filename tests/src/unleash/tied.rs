//! A program whose life is tied to this process's.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::process;

/// Shell between this process and the program: it ends the program, by the program's own id, as
/// soon as the other end of its stdin is closed, which the kernel does when this process dies,
/// however it dies. At the program's end it removes a folder. Ctrl-C is nothing to it: that
/// ends this process, and by this the program.
const SHELL: &str = r#"
trap '' HUP INT TERM
signal=$1 folder=$2
shift 2
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
{
    read -r end <&3
    kill -s "$signal" "$program"
} &
watch=$!
wait "$program"
kill -s KILL "$watch"
[ -z "$folder" ] || rm -rf -- "$folder"
"#;

/// Time that a start may take: that of Unleash has taken a minute where all cores were busy.
const A_START: Duration = Duration::from_mins(3);
/// Time that an end may take.
const AN_END: Duration = Duration::from_secs(30);

/// A program that ends when this value is dropped, or with this process.
#[derive(Debug)]
pub(super) struct Tied {
    name: &'static str,
    shell: Child,
    log: PathBuf,
}

/// The end of a program.
#[derive(Clone, Copy, Debug)]
pub(super) struct End<'a> {
    /// Signal that ends it.
    pub(super) signal: &'a str,
    /// Folder that is removed then, if any.
    pub(super) removes: Option<&'a Path>,
}

impl Tied {
    /// Starts a program that sees only these variables, and PATH. What it prints goes to a log
    /// of its name in a folder, in which it works.
    pub(super) fn start(
        name: &'static str,
        folder: &Path,
        words: impl IntoIterator<Item = impl AsRef<OsStr>>,
        variables: &[(&str, &OsStr)],
        end: End,
    ) -> Self {
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log).expect("a folder of our own is writable");
        let again = file.try_clone().expect("a file can be shared");
        let mut shell = Command::new("sh");
        shell
            .args(["-c", SHELL, "tied", end.signal])
            .arg(end.removes.unwrap_or(Path::new("")))
            .args(words)
            .current_dir(folder);
        only(&mut shell, variables);
        let shell = shell.stdin(Stdio::piped()).stdout(file).stderr(again).spawn();
        Self { name, shell: shell.expect("there is a shell"), log }
    }

    /// Waits until its log has an answer.
    ///
    /// # Panics
    /// Where it ends before, or takes too long.
    #[track_caller]
    pub(super) fn wait_for<T>(&mut self, answer: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + A_START;
        loop {
            let ended = self.shell.try_wait().expect("a child can be waited for").is_some();
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            if let Some(answer) = answer(&log) {
                return answer;
            }
            let name = self.name;
            assert!(!ended, "{name} ended as it started:\n{log}");
            assert!(Instant::now() < deadline, "{name} has not started in {A_START:?}:\n{log}");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Tied {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        process::wait(&mut self.shell, Instant::now() + AN_END);
    }
}

/// Lets a command see only these variables, and PATH: the tester's own may name another database.
pub(super) fn only(command: &mut Command, variables: &[(&str, &OsStr)]) {
    command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command.envs(variables.iter().copied());
}
