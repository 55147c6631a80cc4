//! Help of the plugin, and its name.

use end_to_end::{TestEnvironment, commands, plugin, plugin_program, test};

#[test]
fn every_command_helps() {
    let help = |command: &str| {
        let arguments = command.split_whitespace().chain(["--help"]);
        plugin(arguments).env("COLUMNS", "100").succeeds()
    };
    let root = help("");
    let globals = section(&root.stdout, "Global options:");
    let commands = commands(|command| help(command).stdout);
    assert!(commands.contains(&"policy push".to_owned()), "{commands:?}");
    for command in &commands {
        let output = help(command);
        // Those are the same everywhere; the snapshot of --help shows them.
        assert_eq!(section(&output.stdout, "Global options:"), globals, "{command}");
        let shown = output.stdout.replace(globals, "");
        insta::assert_snapshot!(format!("help_{}", command.replace(' ', "_")), shown);
    }
    insta::assert_snapshot!("help", root);
}

#[test]
fn installed_under_another_name_it_says_that_name() {
    let environment = TestEnvironment::new();
    let renamed = environment.path().join("kubectl-resource_snapshot");
    std::os::unix::fs::symlink(plugin_program(), &renamed).unwrap();
    let renamed = renamed.to_str().unwrap();
    let help = environment.command(renamed, ["apply", "--help"]).succeeds().stdout;
    assert!(help.contains("Usage: kubectl resource-snapshot apply "), "{help}");
    assert!(help.contains("\n  kubectl resource-snapshot apply rel-42 "), "{help}");
    assert!(!help.contains("kubectl snapshot"), "{help}");
    let wrong = environment.command(renamed, ["lisst"]).exits(2).stderr;
    assert!(wrong.contains("Usage: kubectl resource-snapshot "), "{wrong}");
    let get = ["get", "rel-41", "--store", "store"];
    let absent = environment.command(renamed, get).exits(1).stderr;
    assert!(absent.contains("hint: kubectl resource-snapshot list shows"), "{absent}");
    let script = environment.command(renamed, ["completion", "kubectl"]).succeeds().stdout;
    assert!(script.contains("\nexec kubectl-resource_snapshot __complete "), "{script}");
    let script = environment.command(renamed, ["completion", "bash"]).succeeds().stdout;
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
