//! Completion scripts, and what bash makes of one.

use end_to_end::{DEV, TestEnvironment, fixture, plugin, test};

#[test]
fn every_shell_has_a_script() {
    for shell in ["bash", "zsh", "fish", "powershell", "kubectl"] {
        let script = plugin(["completion", shell]).succeeds();
        assert_eq!(script.stderr, "", "{shell}");
        assert!(script.stdout.contains("kubectl-snapshot"), "{shell}: {}", script.stdout);
    }
}

#[test]
fn a_store_of_files_completes_without_a_cluster() {
    let environment = TestEnvironment::new();
    let capture = ["capture", "rel-42", "--from", "-", "--store", "store"];
    environment.plugin(capture).stdin(fixture(DEV)).succeeds();
    let script = fixture("completion.bash");
    for (line, completed) in [
        ("kubectl-snapshot get --store store rel", "rel-42"),
        ("kubectl-snapshot get --store ./st", "./store/"),
    ] {
        let answer = environment.command("bash", ["-c", &script, "bash", line]).succeeds();
        assert_eq!(answer.stdout, format!("{line}> {completed}\n"));
    }
}
