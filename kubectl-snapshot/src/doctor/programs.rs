//! The programs: this one, and kubectl.

use std::{
    io,
    process::{Command, Output, Stdio},
};

use serde::Deserialize;

use crate::render::{Finding, VersionReport};

/// Output of `kubectl version`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Versions {
    client_version: Version,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    git_version: String,
}

/// Finding about this program.
pub(super) fn plugin() -> Finding {
    let VersionReport { version, platform, commit, .. } = VersionReport::current();
    let commit = commit.map(|commit| format!(", commit {commit}")).unwrap_or_default();
    Finding::ok("plugin", format!("{version} for {platform}{commit}"))
}

/// kubectl, without which this program works as well.
pub(super) async fn kubectl() -> Finding {
    let asked = tokio::task::spawn_blocking(|| {
        let mut kubectl = Command::new("kubectl");
        kubectl.args(["version", "--client", "--output=json"]).stdin(Stdio::null()).output()
    });
    match asked.await {
        Ok(answer) => told(answer),
        Err(error) => Finding::warning("kubectl", format!("it cannot be run: {error}")),
    }
}

fn told(answer: io::Result<Output>) -> Finding {
    let without = "this program works without it, as kubectl-snapshot";
    let output = match answer {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Finding::warning("kubectl", "it is not on the PATH").hint(without);
        }
        Err(error) => {
            return Finding::warning("kubectl", format!("it cannot be run: {error}")).hint(without);
        }
    };
    match serde_json::from_slice::<Versions>(&output.stdout) {
        Ok(versions) => Finding::ok("kubectl", versions.client_version.git_version),
        Err(_) => Finding::warning("kubectl", "it does not say which version it is"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Condition;

    #[test]
    fn kubectl_may_be_absent() {
        let absent = told(Err(io::ErrorKind::NotFound.into()));
        assert_eq!(absent.condition, Condition::Warning);
        assert!(absent.hint.is_some());
    }
}
