//! The scripts, in the shells they are for.

use std::process::Command;

use end_to_end::{Folder, Namespace, Output, fixture, ignore, test};

use super::shop;

fn in_bash(dev: &Namespace, lines: &[&str]) -> Output {
    let script = fixture("completion.bash");
    let arguments = ["-c", &script, "bash"].into_iter().chain(lines.iter().copied());
    let bash = dev.cluster().command("bash", arguments);
    bash.env("KUBECTL_SNAPSHOT_STORE", dev.store()).succeeds()
}

#[test]
fn bash_keeps_words_whole() {
    let dev = shop();
    let lines = [
        "kubectl-snapshot des",
        "kubectl-snapshot describe rel-41",
        "kubectl-snapshot describe stage:",
        "kubectl-snapshot describe stage:p",
        "kubectl-snapshot --context=admi",
        "kubectl-snapshot list --context=admin -o ya",
        "kubectl-snapshot diff stage:qa hot",
        "kubectl-snapshot promote rel-42 --to ",
    ];
    let answer = in_bash(&dev, &lines);
    assert_eq!(answer.stderr, "");
    insta::assert_snapshot!(answer.stdout, @r"
    kubectl-snapshot des> describe
    kubectl-snapshot describe rel-41> rel-41
    kubectl-snapshot describe stage:> prod qa
    kubectl-snapshot describe stage:p> prod
    kubectl-snapshot --context=admi> admin
    kubectl-snapshot list --context=admin -o ya> yaml
    kubectl-snapshot diff stage:qa hot> hotfix
    kubectl-snapshot promote rel-42 --to > prod qa
    ");
}

/// Ignores a test where its shell is absent.
fn needs(shell: &str) {
    if Command::new(shell).arg("--version").output().is_err() {
        ignore(format!("{shell} is not installed"));
    }
}

#[test]
fn fish_shows_what_the_words_are() {
    needs("fish");
    let dev = shop();
    let script = "kubectl-snapshot completion fish | source
        complete -C 'kubectl-snapshot describe stage:'
        complete -C 'kubectl-snapshot get hot'
        complete -C 'kubectl-snapshot list -o ya'";
    let fish = dev.cluster().command("fish", ["--no-config", "-c", script]);
    let answer = fish.env("KUBECTL_SNAPSHOT_STORE", dev.store()).succeeds();
    let lines: Vec<&str> = answer.stdout.lines().collect();
    assert_eq!(lines[..2], ["stage:prod\tnamespace shop, after qa", "stage:qa\tnamespace qa"]);
    assert!(
        lines[2].starts_with("hotfix\t") && lines[2].ends_with(": carts are lost"),
        "{lines:?}"
    );
    assert_eq!(lines[3..], ["yaml"]);
}

/// Types a line into a zsh as people have it, presses Tab, and notes what stands there then.
const ZSH: &str = r#"
zmodload zsh/zpty
zpty shell 'zsh -f -i'
zpty -w shell 'PROMPT= RPROMPT=; autoload -U compinit; compinit -u -D; source <(kubectl-snapshot completion zsh)'
zpty -w shell 'show() { print -r -- "[$BUFFER]" > ./shown; exit }; zle -N show; bindkey "^Y" show; print rea""dy'
while zpty -r shell line; do [[ $line == *ready* ]] && break; done
zpty -n -w shell "$1"$'\t\x19'
while zpty -r shell line; do :; done
cat ./shown
"#;

#[test]
fn zsh_completes_words_with_colons() {
    needs("zsh");
    let dev = shop();
    let folder = Folder::new(dev.cluster());
    let after_tab = |line: &str| {
        let zsh = dev.cluster().command("zsh", ["-f", "-c", ZSH, "zsh", line]);
        let zsh = zsh.current_dir(folder.path()).env("KUBECTL_SNAPSHOT_STORE", dev.store());
        zsh.env("TERM", "dumb").succeeds().stdout
    };
    let stage = after_tab("kubectl-snapshot describe stage:p");
    assert_eq!(stage, "[kubectl-snapshot describe stage:prod ]\n");
    assert_eq!(after_tab("kubectl-snapshot get hot"), "[kubectl-snapshot get hotfix ]\n");
}
