//! Name of the program: `kubectl snapshot`, unless it was installed as another plugin.

use std::{borrow::Cow, env, ffi::OsString, path::Path};

/// The file that kubectl finds, unless it was installed as another plugin.
const FILE: &str = "kubectl-snapshot";

/// Name in help texts.
const WRITTEN: &str = "kubectl snapshot";

/// Name of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// File on the PATH: `kubectl-resource_snapshot`.
    pub file: String,
    /// Command as typed: `kubectl resource-snapshot`, which is what kubectl makes of that
    /// file.
    pub typed: String,
}

impl Program {
    /// Name of this process's program.
    #[must_use]
    pub fn of_process() -> Self {
        Self::of(env::args_os().next())
    }

    /// Name in the first of a process's arguments.
    ///
    /// What is no name of a plugin is called what the help texts call it.
    fn of(first: Option<OsString>) -> Self {
        let path = first.unwrap_or_default();
        let name = Path::new(&path).file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name = name.strip_suffix(".exe").unwrap_or(name);
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        let (file, rest) = match name.strip_prefix("kubectl-") {
            Some(rest) if !rest.is_empty() && rest.chars().all(plain) => (name, rest),
            _ => (FILE, &FILE["kubectl-".len()..]),
        };
        let typed = format!("kubectl {}", rest.replace('-', " ").replace('_', "-"));
        Self { file: file.to_owned(), typed }
    }

    /// A text that has people type this program's name, as it is called here.
    ///
    /// Namespaces, labels and roles are called `kubectl-snapshot` whatever the program's name is.
    #[must_use]
    pub fn with_program_name<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.file == FILE {
            return Cow::Borrowed(text);
        }
        let completer = |file: &str| file.replacen("kubectl-", "kubectl_complete-", 1);
        let called = |file: &str| format!("{file} completion ");
        let made = |file: &str| format!("New-Item {file}");
        text.replace(WRITTEN, &self.typed)
            .replace(&completer(FILE), &completer(&self.file))
            .replace(&called(FILE), &called(&self.file))
            .replace(&made(FILE), &made(&self.file))
            .into()
    }
}

impl Default for Program {
    fn default() -> Self {
        Self::of(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(path: &str) -> Program {
        Program::of(Some(path.into()))
    }

    fn program(file: &str, typed: &str) -> Program {
        Program { file: file.to_owned(), typed: typed.to_owned() }
    }

    #[test]
    fn a_plugin_is_typed_as_kubectl_finds_it() {
        let usual = program(FILE, WRITTEN);
        assert_eq!(called("kubectl-snapshot"), usual);
        assert_eq!(called("/opt/bin/kubectl-snapshot.exe"), usual);
        let other = program("kubectl-resource_snapshot", "kubectl resource-snapshot");
        assert_eq!(called("./kubectl-resource_snapshot"), other);
        let below = program("kubectl-team-snapshot", "kubectl team snapshot");
        assert_eq!(called("kubectl-team-snapshot"), below);
    }

    #[test]
    fn what_is_no_plugin_keeps_its_name() {
        for other in ["", "snapshot", "kubectl-", "kubectl-a b", "oc-snapshot"] {
            assert_eq!(called(other), program(FILE, WRITTEN), "{other}");
        }
        assert_eq!(Program::default(), program(FILE, WRITTEN));
    }

    #[test]
    fn a_renamed_plugin_says_its_name() {
        let text = "kubectl snapshot list -n kubectl-snapshot > kubectl_complete-snapshot; \
            kubectl-snapshot completion bash; New-Item kubectl-snapshot";
        assert_eq!(called("kubectl-snapshot").with_program_name(text), text);
        assert_eq!(
            called("kubectl-my_kit").with_program_name(text),
            "kubectl my-kit list -n kubectl-snapshot > kubectl_complete-my_kit; \
            kubectl-my_kit completion bash; New-Item kubectl-my_kit"
        );
    }
}
