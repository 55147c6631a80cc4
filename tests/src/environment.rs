//! Environment of a test that needs no cluster: a folder, and programs that see nothing else.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{env, fs};

use crate::plugin::{plugin_folder, plugin_program};
use crate::{Folder, Invocation, Redaction};

/// A folder of one test, where programs run without a cluster and without the tester's settings.
#[derive(Debug)]
pub struct TestEnvironment {
    folder: Folder,
}

/// Root of all that the tests of this process write. One home serves them all, because the plugin
/// keeps compiled policies there.
static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = tempfile::Builder::new().prefix("end-to-end-").tempdir();
    let root = root.expect("the temporary folder is writable").keep();
    fs::create_dir(root.join("home")).expect("it was just made");
    root
});

/// A run of the plugin without a cluster, beside this crate's files.
///
/// # Panics
/// Where the plugin is not built.
pub fn plugin<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Invocation {
    invocation(plugin_program(), "kubectl snapshot", arguments)
}

impl TestEnvironment {
    /// An empty one.
    ///
    /// # Panics
    /// Where no folder can be made.
    #[must_use]
    pub fn new() -> Self {
        Self { folder: Folder::inside(&ROOT) }
    }

    /// The folder in which programs run.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of the folder, and the folders on the way to it.
    ///
    /// # Panics
    /// Where it cannot be written.
    #[track_caller]
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        self.folder.write(name, content);
    }

    /// A run of the plugin in the folder.
    ///
    /// # Panics
    /// Where the plugin is not built.
    pub fn plugin<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Invocation {
        self.invocation(plugin_program(), "kubectl snapshot", arguments)
    }

    /// A run of another program in the folder. The plugin is on its PATH, by its own name:
    /// kubectl may be absent.
    pub fn command<'a>(
        &self,
        program: &str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Invocation {
        self.invocation(Path::new(program), program, arguments)
    }

    fn invocation<'a>(
        &self,
        program: &Path,
        title: &str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Invocation {
        invocation(program, title, arguments).current_dir(self.path())
    }
}

impl Default for TestEnvironment {
    fn default() -> Self {
        Self::new()
    }
}

fn invocation<'a>(
    program: &Path,
    title: &str,
    arguments: impl IntoIterator<Item = &'a str>,
) -> Invocation {
    let home = ROOT.join("home");
    let redaction = Redaction::default().path(&home, "[home]").path(&env::temp_dir(), "[temp]");
    Invocation::new(program, title, arguments, redaction)
        .env("PATH", search_path())
        .env("HOME", &home)
        .env("KUBECONFIG", "/nowhere")
}

/// The tester's programs, and the plugin before all of them.
fn search_path() -> OsString {
    let testers = env::var_os("PATH").unwrap_or_default();
    let folders = [plugin_folder().to_owned()].into_iter().chain(env::split_paths(&testers));
    env::join_paths(folders).expect("PATH was split just now")
}

/// Removes what the tests of this process have written.
pub(crate) fn clean_up() {
    if let Some(root) = LazyLock::get(&ROOT) {
        // What cannot be removed is left to whoever cleans the temporary folder.
        let _ = fs::remove_dir_all(root);
    }
}
