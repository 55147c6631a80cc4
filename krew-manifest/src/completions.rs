//! The plugin's completions, as the plugin itself prints them.

use std::{path::Path, process::Command};

use crate::{Error, Platform, plugin};

/// Shells with the prefix and suffix of their completion file in the archive.
const SHELLS: [(&str, &str, &str); 4] = [
    ("bash", "kubectl-", ".bash"),
    ("fish", "kubectl-", ".fish"),
    ("powershell", "kubectl-", ".ps1"),
    ("zsh", "_kubectl-", ""),
];

/// Prefix of the program that kubectl calls to complete a plugin.
const KUBECTL: &str = "kubectl_complete-";

/// The completions for a platform: path in the archive, whether it is executable, and content.
///
/// The program may be that of another platform: what it prints is the same on all.
pub fn completions(
    program: &Path,
    platform: Platform,
) -> Result<Vec<(String, bool, Vec<u8>)>, Error> {
    let path =
        |prefix: &str, suffix: &str| format!("completions/{prefix}{}{suffix}", plugin::file_name());
    let kubectl = if platform.is_windows() {
        (path(KUBECTL, ".cmd"), false, print(program, "kubectl-on-windows")?)
    } else {
        (path(KUBECTL, ""), true, print(program, "kubectl")?)
    };
    let mut files = vec![kubectl];
    for (shell, prefix, suffix) in SHELLS {
        files.push((path(prefix, suffix), false, print(program, shell)?));
    }
    Ok(files)
}

fn print(program: &Path, shell: &str) -> Result<Vec<u8>, Error> {
    let failed = |cause: String| Error::Completions { program: program.to_owned(), cause };
    let mut command = Command::new(program);
    command.args(["completion", shell]).env_clear();
    // Scripts name the program as it was called, and nobody else has this folder.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(
        &mut command,
        format!("kubectl-{}", plugin::file_name()),
    );
    let output = command.output().map_err(|error| failed(format!("does not start: {error}")))?;
    if !output.status.success() || output.stdout.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(failed(format!("failed for {shell} ({}): {said}", output.status)));
    }
    let folder = program.parent().filter(|folder| folder.is_absolute());
    if let Some(folder) = folder
        && String::from_utf8_lossy(&output.stdout).contains(&*folder.to_string_lossy())
    {
        return Err(failed(format!(
            "names a folder of this machine in what it prints for {shell}"
        )));
    }
    Ok(output.stdout)
}
