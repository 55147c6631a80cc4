//! An archive for krew, for a system that is not this one.

use std::path::Path;

use end_to_end::{TestEnvironment, plugin_program, test};
use krew_manifest::{Input, PLATFORMS, Platform, pack};

/// Commit time of what is packed here.
const TIME: u32 = 1_700_000_000;

/// Windows runs scripts by the ending of their names, and no `sh`.
#[test]
fn an_archive_for_windows_completes_kubectl_too() {
    let environment = TestEnvironment::new();
    let windows = PLATFORMS.into_iter().find(Platform::is_windows).unwrap();
    let project = &Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let input = Input {
        platform: windows,
        program: &project.join("LICENSE"),
        licences: &project.join("LICENSE"),
        prints_completions: plugin_program(),
        project,
        time: TIME,
    };
    let archive = pack(&input, environment.path()).unwrap();
    let archive = archive.display().to_string();
    let tar = |arguments: &[&str]| {
        environment.command("tar", arguments.iter().copied()).succeeds().stdout
    };
    let listed = tar(&["-tzf", &archive]);
    let completes: Vec<&str> = listed.lines().filter(|name| name.contains("_complete")).collect();
    assert_eq!(completes, ["completions/kubectl_complete-snapshot.cmd"]);
    let script = tar(&["-xOzf", &archive, completes[0]]);
    assert!(script.ends_with("\r\n@kubectl-snapshot.exe __complete %*\r\n"), "{script}");
}
