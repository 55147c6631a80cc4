//! Git repositories that tests make with the real git program.
//!
//! Names, times and contents are given, so that each commit has the same id on every machine.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The time of the first commit of each repository: 15 January 2024.
const BEGIN: i64 = 1_705_312_800;
/// Seconds between two commits.
const STEP: i64 = 3600;

/// A repository with a work tree, or a bare one.
#[derive(Debug)]
pub struct GitRepository {
    path: PathBuf,
    clock: Cell<i64>,
}

impl GitRepository {
    /// An empty one at a path, with the branch `main`.
    ///
    /// # Panics
    /// Where git is absent, or refuses.
    #[must_use]
    pub fn init(path: &Path) -> Self {
        Self::init_with(path, &[])
    }

    /// An empty one, made with further flags of `git init`.
    ///
    /// # Panics
    /// Where git is absent, or refuses.
    #[must_use]
    pub fn init_with(path: &Path, flags: &[&str]) -> Self {
        fs::create_dir_all(path).expect("a test's folder is writable");
        let repository = Self::at(path);
        let init = ["init", "--quiet", "--initial-branch=main"];
        repository.git(&[&init[..], flags].concat());
        repository
    }

    /// One that is there already.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), clock: Cell::new(BEGIN) }
    }

    /// Path of the repository.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs git in it, and returns what it printed.
    ///
    /// # Panics
    /// Where git refuses.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        let date = format!("{} +0100", self.clock.get());
        let mut git = Command::new("git");
        git.current_dir(&self.path).args(arguments).env_clear();
        for name in ["PATH", "TMPDIR"] {
            git.envs(env::var_os(name).map(|value| (name, value)));
        }
        // Nothing of the tester's configuration: no signatures, no hooks, no other names.
        for (name, value) in [
            ("HOME", "/nowhere"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "Ada Lovelace"),
            ("GIT_AUTHOR_EMAIL", "ada@shop.example"),
            ("GIT_COMMITTER_NAME", "Ada Lovelace"),
            ("GIT_COMMITTER_EMAIL", "ada@shop.example"),
            ("GIT_AUTHOR_DATE", &date),
            ("GIT_COMMITTER_DATE", &date),
        ] {
            git.env(name, value);
        }
        let output = git.output().unwrap_or_else(|error| panic!("git: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {}: {said}", arguments.join(" "));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Writes a file and commits it; the id of the commit.
    ///
    /// # Panics
    /// Where git refuses.
    #[track_caller]
    pub fn commit(&self, file: &str, subject: &str) -> String {
        let path = self.path.join(file);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("it is writable");
        fs::write(&path, format!("{subject}\n{}\n", self.clock.get())).expect("it is writable");
        self.git(&["add", "--", file]);
        self.git(&["commit", "--quiet", "--message", subject]);
        self.step(STEP);
        self.head()
    }

    /// Moves the clock of the next commits, also backwards.
    pub fn step(&self, seconds: i64) {
        self.clock.set(self.clock.get() + seconds);
    }

    /// Merges another branch into this one, with a commit of its own.
    ///
    /// # Panics
    /// Where git refuses.
    #[track_caller]
    pub fn merge(&self, branch: &str) -> String {
        let subject = format!("Merge {branch}");
        self.git(&["merge", "--quiet", "--no-ff", "-X", "ours", "--message", &subject, branch]);
        self.step(STEP);
        self.head()
    }

    /// The commit that is checked out.
    ///
    /// # Panics
    /// Where there is none.
    #[track_caller]
    #[must_use]
    pub fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    /// Removes an object that is not packed, as a broken disk does.
    ///
    /// # Panics
    /// Where there is no such file.
    #[track_caller]
    pub fn lose(&self, id: &str) {
        let (folder, file) = id.split_at(2);
        let path = self.path.join(".git/objects").join(folder).join(file);
        fs::remove_file(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
