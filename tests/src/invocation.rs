//! One run of a program: nothing of the tester's environment, and an end.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::{Output, Redaction, Running};

/// A program to run, as a builder.
#[derive(Debug)]
#[must_use]
pub struct Invocation {
    command: Command,
    title: String,
    /// The kubeconfig's context; shows.
    context: Option<String>,
    arguments: Vec<String>,
    /// Goes before the arguments, and does not show.
    hidden: Vec<String>,
    /// Text on its stdin; without it, stdin stays open and says nothing.
    stdin: Option<String>,
    timeout: Duration,
    redaction: Redaction,
}

impl Invocation {
    pub(crate) fn new<'a>(
        program: &Path,
        title: &str,
        arguments: impl IntoIterator<Item = &'a str>,
        redaction: Redaction,
    ) -> Self {
        let mut command = Command::new(program);
        command.env_clear();
        Self {
            command,
            title: title.to_owned(),
            context: None,
            arguments: arguments.into_iter().map(str::to_owned).collect(),
            hidden: Vec::new(),
            stdin: Some(String::new()),
            timeout: Duration::from_mins(2),
            redaction,
        }
    }

    /// Sets an environment variable. Apart from PATH, HOME and KUBECONFIG,
    /// there is none.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs in a folder. It starts out as the test's own: the crate's.
    pub fn current_dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Acts as another user: `reader`, `developer`, `promoter` or `nobody`,
    /// who have no rights but those that [`Namespace::allow`] gives.
    ///
    /// [`Namespace::allow`]: crate::Namespace::allow
    pub fn as_user(mut self, name: &str) -> Self {
        self.context = Some(name.to_owned());
        self
    }

    /// Sets its stdin; empty, unless this is called.
    pub fn stdin(mut self, text: impl Into<String>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// Holds its stdin open, without a word, until it has ended.
    pub fn stdin_held_open(mut self) -> Self {
        self.stdin = None;
        self
    }

    /// Sets the time after which it counts as hanging: two minutes, unless this is called.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Adds arguments that keep tests apart and are of no interest to a reader.
    pub(crate) fn hidden<const N: usize>(mut self, arguments: [&str; N]) -> Self {
        self.hidden.extend(arguments.map(str::to_owned));
        self
    }

    /// Runs it to its end, whatever that is.
    ///
    /// # Panics
    /// Where it cannot be started, and where it hangs: then it is killed, and
    /// what it had printed by then is the message.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "some tests only want it to have run")]
    pub fn run(self) -> Output {
        self.start().finish()
    }

    /// Starts it, to do something beside it. It gets its stdin when the test
    /// waits for its end.
    ///
    /// # Panics
    /// Where it cannot be started.
    #[track_caller]
    pub fn start(mut self) -> Running {
        let mut shown: Vec<&str> = Vec::new();
        if let Some(name) = &self.context {
            shown.extend(["--context", name]);
        }
        shown.extend(self.arguments.iter().map(String::as_str));
        let mut line = self.title;
        for argument in &shown {
            line.push(' ');
            line.push_str(&quoted(argument));
        }
        let child = self
            .command
            .args(&self.hidden)
            .args(shown)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        Running { child, line, stdin: self.stdin, timeout: self.timeout, redaction: self.redaction }
    }

    /// Starts it and lets it go: how it ends is of no interest.
    pub(crate) fn in_the_background(mut self) {
        let quiet = self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        drop(quiet.args(&self.hidden).args(&self.arguments).spawn());
    }

    /// Runs it and expects success.
    ///
    /// # Panics
    /// As [`run`](Self::run), and where it fails.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "it is run for what it does, too")]
    pub fn succeeds(self) -> Output {
        self.exits(0)
    }

    /// Runs it and expects an exit code.
    ///
    /// # Panics
    /// As [`run`](Self::run), and where the code is another.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "it is run for what it does, too")]
    pub fn exits(self, code: i32) -> Output {
        let output = self.run();
        assert_eq!(output.exit, code, "the exit code of:\n{}", output.transcript());
        output
    }
}

/// An argument as one would type it.
fn quoted(argument: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@+%".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        return argument.into();
    }
    format!("'{}'", argument.replace('\'', r"'\''")).into()
}
