//! The folder that a policy is built and asked in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::Duration;

use end_to_end::build_folder;
use snapshot_policy_host::{Host, Limits, Policy};

use crate::fixture;

/// A policy's folder, gone when the test has ended.
pub(crate) struct Workplace(PathBuf);

impl Workplace {
    /// What `policy new` makes: a policy called `no-latest`.
    pub(crate) fn new_policy(language: &str, decision: &str) -> Self {
        let place = Self::empty(&format!("{language}-{decision}"));
        let plugin =
            build_folder().join(format!("kubectl-snapshot{}", std::env::consts::EXE_SUFFIX));
        assert!(plugin.exists(), "run `cargo build` first: there is no {}", plugin.display());
        let made = Command::new(plugin)
            .args(["policy", "new", "no-latest", "--language", language, "--decision", decision])
            .arg("--directory")
            .arg(&place.0)
            .output()
            .expect("the plugin starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        place
    }

    /// A copy of an example.
    pub(crate) fn example(name: &str) -> Self {
        let place = Self::empty(name);
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies").join(name), &place.0);
        place
    }

    fn empty(name: &str) -> Self {
        let tests = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = tests.join(format!("policy-{name}-{}", process::id()));
        fs::create_dir_all(&folder).expect("cargo's folder for tests is writable");
        Self(folder)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Loads the component, holds it to its fixtures, and returns it.
    #[track_caller]
    pub(crate) fn ask(&self, component: &Path, name: &str) -> Policy {
        let bytes = fs::read(component).unwrap_or_else(|e| panic!("{}: {e}", component.display()));
        // Time enough for a machine that does many other things.
        let limits = Limits { time: Duration::from_mins(1), ..Limits::default() };
        let host = Host::new(limits).expect("an engine starts");
        let policy = host.load(&bytes).unwrap_or_else(|error| panic!("{error}; {}", error.hint()));
        let about = policy.describe();
        assert_eq!(about.name, name);
        let schema = about.settings_schema.as_deref().expect("it takes settings");
        let schema: serde_json::Value = serde_json::from_str(schema).expect("its schema is JSON");
        assert_eq!(schema["additionalProperties"], false);
        fixture::hold(&policy, &self.0.join("fixtures"));
        policy
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // What is left goes with the target folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Copies a folder with what its links lead to, but for what a build leaves there.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a test's folder is writable");
    for entry in fs::read_dir(from).expect("there is such an example") {
        let (name, from) = entry.map(|it| (it.file_name(), it.path())).expect("it can be listed");
        if [".venv", "build", "node_modules", "typings"].iter().any(|left| name == *left) {
            continue;
        }
        if from.is_dir() {
            copy(&from, &to.join(name));
        } else {
            fs::copy(&from, to.join(name)).expect("a test's folder is writable");
        }
    }
}
