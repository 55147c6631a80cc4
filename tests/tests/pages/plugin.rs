//! The plugin without a cluster, a home or an environment.

use std::{
    path::Path,
    process::{Command, Output},
};

use end_to_end::plugin_program;

/// Runs it in a folder, with texts of so many columns.
pub(crate) fn run(folder: &Path, columns: &str, words: &[&str]) -> Output {
    let mut command = Command::new(plugin_program());
    command.args(words).current_dir(folder).env_clear().env("HOME", folder);
    command.env("KUBECONFIG", "/nowhere").env("COLUMNS", columns);
    command.output().expect("the plugin can be started")
}
