//! The plugin as kubectl finds it, its help, and what Tab offers.

use end_to_end::{Cluster, Folder, Invocation, Namespace, build_folder, fixture};

use crate::shop::DEV;

/// Every command that people type, with the words of those below it.
const COMMANDS: [&str; 41] = [
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

#[test]
fn every_shell_has_a_script() {
    for shell in ["bash", "zsh", "fish", "powershell", "kubectl"] {
        let script = Cluster::shared().plugin(["completion", shell]).env("KUBECONFIG", "/nowhere");
        let script = script.succeeds();
        assert_eq!(script.stderr, "", "{shell}");
        assert!(script.stdout.contains("snapshot"), "{shell}: {}", script.stdout);
    }
    let bash = Cluster::shared().plugin(["completion", "bash"]).succeeds().stdout;
    Cluster::shared().command("bash", ["-n"]).stdin(bash).succeeds();
}

/// kubectl with our completion on its PATH.
struct Tab {
    folder: Folder,
    path: String,
}

impl Tab {
    fn new() -> Self {
        let cluster = Cluster::shared();
        let folder = Folder::new(cluster);
        let script = cluster.plugin(["completion", "kubectl"]).succeeds().stdout;
        folder.write("kubectl_complete-snapshot", script);
        let chmod = ["+x", "kubectl_complete-snapshot"];
        cluster.command("chmod", chmod).current_dir(folder.path()).succeeds();
        let path = cluster.command("sh", ["-c", r#"printf %s "$PATH""#]).succeeds().stdout;
        Self { path: format!("{}:{path}", folder.path().display()), folder }
    }

    /// What kubectl is told on Tab after these words.
    fn after(&self, words: &[&str]) -> Invocation {
        let arguments = ["__complete", "snapshot"].into_iter().chain(words.iter().copied());
        let kubectl = Cluster::shared().kubectl(arguments).env("PATH", &self.path);
        kubectl.current_dir(self.folder.path())
    }

    /// The words that it offers.
    fn offers(run: Invocation) -> Vec<String> {
        let stdout = run.succeeds().stdout;
        let lines = stdout.lines().take_while(|line| !line.starts_with(':'));
        lines.map(|line| line.split('\t').next().unwrap_or(line).to_owned()).collect()
    }
}

#[test]
fn tab_offers_commands_flags_and_stored_names() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    for name in ["rel-41", "rel-42", "hotfix"] {
        let capture = ["capture", name, "--from", "-"];
        dev.plugin(capture).stdin(fixture(DEV)).succeeds();
    }
    let tab = Tab::new();
    let offers = |words: &[&str]| {
        let mut offers = Tab::offers(tab.after(words).env("KUBECTL_SNAPSHOT_STORE", dev.store()));
        offers.sort();
        offers
    };
    let mut commands: Vec<_> = COMMANDS.into_iter().filter(|one| !one.contains(' ')).collect();
    commands.sort_unstable();
    assert_eq!(offers(&[""]), commands);
    assert_eq!(offers(&["d"]), ["delete", "describe", "diff", "doctor"]);
    assert_eq!(offers(&["diff", "rel"]), ["rel-41", "rel-42"]);
    assert_eq!(offers(&["diff", "rel-41", "rel"]), ["rel-41", "rel-42"]);
    assert_eq!(offers(&["get", "l"]), ["live"]);
    assert_eq!(offers(&["-n", "dev", "get", "h"]), ["hotfix"]);
    assert_eq!(offers(&["get", "-o", "json", "h"]), ["hotfix"]);
    assert_eq!(offers(&["variables", ""]), ["learn", "list", "remove", "set"]);
    assert_eq!(offers(&["evidence", ""]), ["add", "list"]);
    assert_eq!(offers(&["evidence", "add", "rel"]), ["rel-41", "rel-42"]);
    assert_eq!(offers(&["evidence", "add", "rel-41", "--from"]), ["--from-junit"]);
    assert_eq!(offers(&["approve", "hot"]), ["hotfix"]);
    assert_eq!(offers(&["apply", "--dry"]), ["--dry-run"]);
    assert_eq!(offers(&["completion", "z"]), ["zsh"]);
    assert_eq!(offers(&["delete", ""]), ["hotfix", "rel-41", "rel-42"]);
    assert_eq!(
        offers(&["capture", ""]),
        Vec::<String>::new(),
        "a new name is the user's to choose"
    );
}

#[test]
fn tab_is_silent_where_no_cluster_answers() {
    let tab = Tab::new();
    for kubeconfig in ["/nowhere", "/dev/null"] {
        let answer = tab.after(&["diff", ""]).env("KUBECONFIG", kubeconfig).succeeds();
        // kubectl tells there, too, whom it called and what the answer means.
        let kubectls =
            |line: &&str| line.starts_with("[Debug]") || line.starts_with("Completion ended");
        let ours: Vec<_> = answer.stderr.lines().filter(|line| !kubectls(line)).collect();
        assert_eq!(ours, Vec::<&str>::new());
        assert_eq!(answer.stdout.lines().next(), Some("live"));
    }
}
