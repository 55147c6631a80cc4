//! A language's tools, installed once into the user's cache folder.
//!
//! Which they are, and in which versions, the template alone says: what is run
//! here is its own way to install them, in a folder named by what it pins.

use std::env;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use end_to_end::ignore;

use crate::program::{exists, run};

/// Tools of a language's template, and their installation.
pub(crate) struct Tools {
    /// The language, as messages name it.
    pub(crate) language: &'static str,
    /// Programs that have to be there before.
    pub(crate) needs: &'static [&'static str],
    /// The template's files that it takes to install them.
    pub(crate) files: &'static [&'static str],
    /// The lines of the first file that say which versions: those that hold this.
    pub(crate) pin: &'static str,
    /// Command that installs them.
    pub(crate) install: &'static str,
    /// The folder that they are in then.
    pub(crate) folder: &'static str,
}

/// Installing may mean to compile.
const AN_INSTALLATION: Duration = Duration::from_mins(20);

impl Tools {
    /// Puts the tools into a policy's folder. Where they cannot be had, the test is ignored.
    ///
    /// # Panics
    /// Where they cannot be had and the tester wants all languages.
    pub(crate) fn put_into(&self, policy: &Path) {
        match self.installed(policy) {
            Ok(home) => link(&home.join(self.folder), &policy.join(self.folder)),
            Err(reason) => {
                let why = format!("policies in {} cannot be built: {reason}", self.language);
                assert!(!all_are_wanted(), "{why}");
                ignore(why);
            }
        }
    }

    fn installed(&self, policy: &Path) -> Result<PathBuf, String> {
        if let Some(missing) = self.needs.iter().find(|program| !exists(program)) {
            return Err(format!("there is no {missing}"));
        }
        let text = fs::read_to_string(policy.join(self.files[0])).expect("it is in the template");
        let pins: String = text.lines().filter(|line| line.contains(self.pin)).collect();
        assert!(!pins.is_empty(), "{} has no line with {}", self.files[0], self.pin);
        // The pins themselves, as far as a file's name can hold them.
        let key: String =
            pins.chars().filter(|c| c.is_alphanumeric() || "-.".contains(*c)).collect();
        let key = key.replace('.', "-").to_lowercase();
        let tools = cache().ok_or("there is no home folder")?;
        let home = tools.join(format!("policy-{}-{key}", self.language));
        fs::create_dir_all(&tools).map_err(|error| format!("{}: {error}", tools.display()))?;
        // Another test, or another run, may be at it.
        let lock = File::create(home.with_extension("lock")).map_err(|error| error.to_string())?;
        lock.lock().map_err(|error| error.to_string())?;
        if !home.join("complete").exists() {
            let _ = fs::remove_dir_all(&home);
            fs::create_dir_all(&home).map_err(|error| error.to_string())?;
            for file in self.files {
                fs::copy(policy.join(file), home.join(file)).map_err(|error| error.to_string())?;
            }
            let _ = writeln!(
                io::stderr(),
                "installing the tools for policies in {} (once)",
                self.language
            );
            run(self.install, &home, AN_INSTALLATION).map_err(|failed| failed.summary)?;
            fs::write(home.join("complete"), "").map_err(|error| error.to_string())?;
        }
        Ok(home)
    }
}

fn all_are_wanted() -> bool {
    match env::var("KUBECTL_SNAPSHOT_TEST_LANGUAGES").as_deref() {
        Ok("all") => true,
        Ok("") | Err(_) => false,
        Ok(other) => panic!("KUBECTL_SNAPSHOT_TEST_LANGUAGES is {other:?}; it can be \"all\""),
    }
}

/// Folder in which the Makefile keeps its tools, too.
fn cache() -> Option<PathBuf> {
    let base = match env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()) {
        Some(path) => PathBuf::from(path),
        None => env::home_dir()?.join(".cache"),
    };
    Some(base.join("kubectl-snapshot/tools"))
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) {
    std::os::unix::fs::symlink(from, to).expect("a test's folder is writable");
}

#[cfg(windows)]
fn link(from: &Path, to: &Path) {
    std::os::windows::fs::symlink_dir(from, to).expect("a test's folder is writable");
}
