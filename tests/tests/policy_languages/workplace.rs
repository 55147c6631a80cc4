//! The folder that a policy is built and asked in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::atomic::{AtomicUsize, Ordering};

use end_to_end::plugin_program;
use serde_json::Value;

/// Number of folders made so far.
static MADE: AtomicUsize = AtomicUsize::new(0);

/// A policy's folder, gone when the test has ended.
pub(crate) struct Workplace(PathBuf);

impl Workplace {
    /// Folder made by `policy new`: a policy called `no-latest`.
    pub(crate) fn new_policy(language: &str, decision: &str) -> Self {
        let place = Self::empty(&format!("{language}-{decision}"));
        let made = plugin()
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
        // Tests of one process run side by side.
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let folder = tests.join(format!("policy-{name}-{}-{number}", process::id()));
        fs::create_dir_all(&folder).expect("cargo's folder for tests is writable");
        Self(folder)
    }

    /// Path of the folder.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Inspects the component, and holds it to its fixtures.
    #[track_caller]
    pub(crate) fn test(&self, name: &str) {
        let inspected = self.inspect();
        assert_eq!(inspected["about"]["name"], name);
        assert_eq!(inspected["settingsSchema"]["additionalProperties"], false);
        let tested = self.plugin(&["test", "."]);
        assert!(
            tested["fixtures"].as_array().is_some_and(|fixtures| fixtures.len() > 1),
            "{tested}"
        );
    }

    /// Inspection of the component by the plugin.
    #[track_caller]
    pub(crate) fn inspect(&self) -> Value {
        self.plugin(&["inspect", "build/policy.wasm"])
    }

    /// Has the policy's world import for whom flags are on.
    pub(crate) fn look_up_flags(&self) {
        let world = self.0.join("wit/world.wit");
        let text = fs::read_to_string(&world).expect("it is in the template");
        let text = text.replace("// import flag-states;", "import flag-states;");
        fs::write(&world, text).expect("a test's folder is writable");
    }

    /// Message of a policy that was asked about three flags.
    #[track_caller]
    pub(crate) fn flags(&self) -> String {
        let rules = r#"{"if": [{"var": "beta"}, "on", "off"]}"#;
        let flags = format!(
            "  - {{key: banner, value: false, variants: {{\"on\": true, \"off\": false}}, targeting: {rules}}}\n  - {{key: \"off\", value: false}}\n  - {{key: \"on\"}}\n"
        );
        let fixture =
            format!("candidate:\n  flags:\n{flags}stage: prod\nladder: [{{name: prod}}]\n");
        fs::write(self.0.join("flags.yaml"), fixture).expect("a test's folder is writable");
        let asked = self.plugin(&["run", "build/policy.wasm", "--fixture", "flags.yaml"]);
        asked["findings"][0]["message"].as_str().expect("it answers").to_owned()
    }

    /// Reason why the policy does not answer a fixture.
    #[track_caller]
    pub(crate) fn crash(&self, fixture: &str) -> String {
        let run = plugin()
            .args(["policy", "run", "build/policy.wasm", "--fixture", fixture])
            .args(["--policy-timeout", "60s", "-o", "json"])
            .env("KUBECONFIG", "/nowhere")
            .current_dir(&self.0)
            .output()
            .expect("the plugin starts");
        let text = String::from_utf8_lossy(&run.stdout);
        assert_eq!(run.status.code(), Some(4), "{text}");
        let answer: Value = serde_json::from_slice(&run.stdout).expect("it is JSON");
        answer["undecided"].as_str().expect("it is undecided").to_owned()
    }

    /// Asks about ten thousand services, which it has to answer in time.
    #[track_caller]
    pub(crate) fn ask_about_many(&self, settings: &str) -> Value {
        let bench = ["bench", "build/policy.wasm", "--services", "10000", "--rounds", "1"];
        let bench: Vec<&str> = bench.into_iter().chain(["--settings", settings]).collect();
        let asked = self.plugin(&bench)["sizes"][0].clone();
        assert!(asked.get("undecided").is_none(), "{asked}");
        asked
    }

    /// Answer of a command of `policy` about this folder, as JSON.
    #[track_caller]
    fn plugin(&self, arguments: &[&str]) -> Value {
        let run = plugin()
            .arg("policy")
            .args(arguments)
            // Time enough for a machine that does many other things.
            .args(["--policy-timeout", "60s", "-o", "json"])
            .env("KUBECONFIG", "/nowhere")
            .current_dir(&self.0)
            .output()
            .expect("the plugin starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(run.status.success(), "{}{}", text(&run.stdout), text(&run.stderr));
        serde_json::from_slice(&run.stdout).expect("it is JSON")
    }
}

/// The plugin under test.
fn plugin() -> Command {
    Command::new(plugin_program())
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
