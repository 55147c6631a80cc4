//! The scripts, in the shells they are for.

use std::process::Command;

use end_to_end::{Cluster, Folder, Namespace, Output, fixture};

use super::shop;
use crate::shop::DEV;

#[test]
fn every_shell_has_a_script() {
    for shell in ["bash", "zsh", "fish", "powershell", "kubectl"] {
        let script = Cluster::shared().plugin(["completion", shell]).env("KUBECONFIG", "/nowhere");
        let script = script.succeeds();
        assert_eq!(script.stderr, "", "{shell}");
        assert!(script.stdout.contains("kubectl-snapshot"), "{shell}: {}", script.stdout);
    }
}

/// What bash would put in after a line, the cursor at its end.
const BASH: &str = r#"
source <(kubectl-snapshot completion bash)
complete -p kubectl-snapshot >/dev/null || exit 9
for line; do
    COMP_LINE="$line" COMP_POINT=${#line} COMP_TYPE=9 COMPREPLY=()
    # As bash takes a line apart: at blanks, and around each : and =.
    COMP_WORDS=()
    read -ra parts <<< "${line//[:]/ : }"
    [[ $line == *' ' ]] && parts+=("")
    for part in "${parts[@]}"; do
        if [[ $part == *=* ]]; then COMP_WORDS+=("${part%%=*}" = "${part#*=}"); else COMP_WORDS+=("$part"); fi
    done
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _clap_complete_kubectl_snapshot kubectl-snapshot "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
    echo "$line> ${COMPREPLY[*]}"
done
"#;

fn in_bash(dev: &Namespace, lines: &[&str]) -> Output {
    let arguments = ["-c", BASH, "bash"].into_iter().chain(lines.iter().copied());
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

#[test]
fn a_store_of_files_completes_without_a_cluster() {
    let folder = Folder::new(Cluster::shared());
    let capture = ["capture", "rel-42", "--from", "-", "--store", "store"];
    let capture = Cluster::shared().plugin(capture).current_dir(folder.path());
    capture.stdin(fixture(DEV)).succeeds();
    let line = "kubectl-snapshot get --store store rel";
    let bash = Cluster::shared().command("bash", ["-c", BASH, "bash", line]);
    let answer = bash.current_dir(folder.path()).env("KUBECONFIG", "/nowhere").succeeds();
    assert_eq!(answer.stdout, format!("{line}> rel-42\n"));
    let line = "kubectl-snapshot get --store ./st";
    let bash = Cluster::shared().command("bash", ["-c", BASH, "bash", line]);
    let answer = bash.current_dir(folder.path()).env("KUBECONFIG", "/nowhere").succeeds();
    assert_eq!(answer.stdout, format!("{line}> ./store/\n"));
}

/// Whether a shell is there; a line says where it is not.
#[expect(clippy::print_stderr, reason = "it is for who runs the tests")]
fn installed(shell: &str) -> bool {
    let there = Command::new(shell).arg("--version").output().is_ok();
    if !there {
        eprintln!("skipped: {shell} is not installed");
    }
    there
}

#[test]
fn fish_shows_what_the_words_are() {
    if !installed("fish") {
        return;
    }
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
    if !installed("zsh") {
        return;
    }
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
