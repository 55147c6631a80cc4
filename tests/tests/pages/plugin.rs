//! The plugin without a cluster, a home or an environment.

use std::{
    env,
    path::Path,
    process::{Command, Output},
};

use end_to_end::build_folder;

/// Runs it in a folder, with texts of so many columns.
pub(crate) fn run(folder: &Path, columns: &str, words: &[&str]) -> Output {
    let plugin = build_folder().join(format!("kubectl-snapshot{}", env::consts::EXE_SUFFIX));
    assert!(plugin.exists(), "run `cargo build` first: there is no {}", plugin.display());
    let mut command = Command::new(plugin);
    command.args(words).current_dir(folder).env_clear().env("HOME", folder);
    command.env("KUBECONFIG", "/nowhere").env("COLUMNS", columns);
    command.output().expect("the plugin can be started")
}
