//! The plugin as kubectl finds it, and its help.

use end_to_end::{Cluster, Folder, Namespace, build_folder, fixture};

use crate::shop::DEV;

/// Every command that people type, with the words of those below it.
pub(crate) const COMMANDS: [&str; 41] = [
    "capture",
    "list",
    "get",
    "describe",
    "diff",
    "check",
    "apply",
    "promote",
    "rollback",
    "history",
    "evidence",
    "evidence add",
    "evidence list",
    "approve",
    "tag",
    "delete",
    "variables",
    "variables list",
    "variables set",
    "variables learn",
    "variables remove",
    "stage",
    "stage list",
    "stage set",
    "stage remove",
    "policy",
    "policy new",
    "policy test",
    "policy inspect",
    "policy run",
    "policy bench",
    "policy add",
    "policy list",
    "policy remove",
    "policy push",
    "policy pull",
    "init",
    "gc",
    "doctor",
    "completion",
    "version",
];

#[test]
fn kubectl_finds_it() {
    let cluster = Cluster::shared();
    let version = cluster.kubectl(["snapshot", "version"]).succeeds();
    assert_eq!(version.stdout, cluster.plugin(["version"]).succeeds().stdout);
    let dev = Namespace::new(cluster, "dev");
    let capture = ["capture", "rel-41", "--from", "-"];
    dev.plugin(capture).stdin(fixture(DEV)).succeeds();
    let list = cluster.kubectl(["snapshot", "list", "-o", "name"]);
    assert_eq!(list.env("KUBECTL_SNAPSHOT_STORE", dev.store()).succeeds().stdout, "rel-41\n");
}

#[test]
fn every_command_helps() {
    let help = |command: &str| {
        let arguments = command.split_whitespace().chain(["--help"]);
        let help = Cluster::shared().plugin(arguments).env("COLUMNS", "100");
        help.env("KUBECONFIG", "/nowhere").succeeds()
    };
    let root = help("");
    let globals = section(&root.stdout, "Global options:");
    for command in COMMANDS {
        let output = help(command);
        // Those are the same everywhere; the snapshot of --help shows them.
        assert_eq!(section(&output.stdout, "Global options:"), globals, "{command}");
        let shown = output.stdout.replace(globals, "");
        insta::assert_snapshot!(format!("help_{}", command.replace(' ', "_")), shown);
        let listed = |line: &str| line.split_whitespace().next() == Some(command);
        let below = command.contains(' ');
        assert!(below || root.stdout.lines().any(listed), "--help does not list {command}");
    }
    insta::assert_snapshot!("help", root);
}

#[test]
fn installed_under_another_name_it_says_that_name() {
    let cluster = Cluster::shared();
    let folder = Folder::new(cluster);
    let plugin = build_folder().join("kubectl-snapshot");
    let renamed = folder.path().join("kubectl-resource_snapshot");
    std::os::unix::fs::symlink(plugin, &renamed).unwrap();
    let renamed = renamed.to_str().unwrap();
    let help = cluster.command(renamed, ["apply", "--help"]).succeeds().stdout;
    assert!(help.contains("Usage: kubectl resource-snapshot apply "), "{help}");
    assert!(help.contains("\n  kubectl resource-snapshot apply rel-42 "), "{help}");
    assert!(!help.contains("kubectl snapshot"), "{help}");
    let wrong = cluster.command(renamed, ["lisst"]).exits(2).stderr;
    assert!(wrong.contains("Usage: kubectl resource-snapshot "), "{wrong}");
    let absent = cluster.command(renamed, ["get", "rel-41", "--store", "store"]);
    let absent = absent.current_dir(folder.path()).exits(1).stderr;
    assert!(absent.contains("hint: kubectl resource-snapshot list shows"), "{absent}");
    let script = cluster.command(renamed, ["completion", "kubectl"]).succeeds().stdout;
    assert!(script.contains("\nexec kubectl-resource_snapshot __complete "), "{script}");
    let script = cluster.command(renamed, ["completion", "bash"]).succeeds().stdout;
    assert!(script.contains("kubectl-resource_snapshot"), "{script}");
    assert!(!script.contains("kubectl-snapshot"), "{script}");
}

/// A part of a help text, from its title to the next line that is not indented.
fn section<'a>(help: &'a str, title: &str) -> &'a str {
    let start = help.find(title).expect("the help has that part");
    let mut end = start + title.len();
    for line in help[end..].split_inclusive('\n') {
        if line.starts_with(|first: char| !first.is_whitespace()) {
            break;
        }
        end += line.len();
    }
    help[start..end].trim_end()
}
