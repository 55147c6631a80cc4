//! `kubectl snapshot <Tab>`, as kubectl's own completion asks for it.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use end_to_end::{Cluster, Folder, Namespace, Rule, fixture, test, wait_for};

use super::{Offer, TWO_CONTEXTS, Tab, shop};
use crate::shop::DEV;

/// cobra's words: keep the order, no files, no space.
const KEEP: u8 = 32;
const NO_FILES: u8 = 4;
const NO_SPACE: u8 = 2;

#[test]
fn commands_and_flags() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let tab = Tab::new();
    let words = |typed: &[&str]| {
        let offer = tab.offer(&dev, typed);
        let mut words: Vec<String> = offer.words().into_iter().map(str::to_owned).collect();
        words.sort();
        words
    };
    let help = |command: &str| {
        let words = command.split_whitespace().chain(["--help"]);
        Cluster::shared().plugin(words).succeeds().stdout
    };
    let mut commands = end_to_end::commands(help);
    commands.retain(|command| !command.contains(' '));
    commands.sort();
    assert_eq!(words(&[""]), commands);
    assert_eq!(words(&["d"]), ["delete", "describe", "diff", "doctor"]);
    assert_eq!(words(&["variables", ""]), ["learn", "list", "remove", "set"]);
    assert_eq!(words(&["evidence", ""]), ["add", "list"]);
    assert_eq!(words(&["evidence", "add", "rel-41", "--from"]), ["--from-junit"]);
    assert_eq!(words(&["apply", "--dry"]), ["--dry-run"]);
    assert_eq!(words(&["apply", "rel-42", "--dry-run", ""]), ["client", "server"]);
    assert_eq!(
        words(&["apply", "rel-42", "--dry-run=s"]),
        ["server"],
        "the flag stays with the shell"
    );
    assert_eq!(words(&["completion", "z"]), ["zsh"]);
    assert_eq!(words(&["capture", ""]), Vec::<String>::new(), "a new name is the user's to choose");
    assert!(tab.offer(&dev, &["de"]).lines[0].starts_with("describe\tShow what a snapshot holds"));
}

#[test]
fn what_each_argument_takes() {
    let dev = shop();
    let tab = Tab::new();
    let offer = |words: &[&str]| tab.offer(&dev, words);
    let words = |typed: &[&str]| {
        offer(typed).words().into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let names = ["rel-42", "rel-41", "hotfix"];
    let references = ["rel-42", "rel-41", "hotfix", "live", "live:", "stage:prod", "stage:qa"];
    for command in [&["describe"][..], &["diff", "rel-41"], &["evidence", "add"], &["approve"]] {
        let typed: Vec<&str> = command.iter().copied().chain([""]).collect();
        let mut found = words(&typed);
        // Within a second, the order is the names'.
        found[..3].sort_by_key(|name| names.iter().position(|one| one == name));
        assert_eq!(found, references, "{command:?}");
    }
    assert_eq!(words(&["-n", "dev", "get", "-o", "json", "h"]), ["hotfix"]);
    assert_eq!(words(&["check", "rel-42", "--against=h"]), ["hotfix"]);
    assert_eq!(words(&["delete", "rel-41", "h"]), ["hotfix"], "each of several");
    assert_eq!(words(&["delete", "l"]), Vec::<String>::new(), "what runs is no stored name");
    assert_eq!(words(&["diff", "stage:"]), ["stage:prod", "stage:qa"]);
    assert_eq!(words(&["promote", "rel-42", "--to", "p"]), ["prod"]);
    assert_eq!(words(&["rollback", ""]), ["prod", "qa"]);
    assert_eq!(words(&["describe", "rel-42", "--service", "ca"]), ["cart"]);
    assert_eq!(words(&["diff", "live:prod", "--service=t"]), Vec::<String>::new());
    let services = words(&["diff", "rel-41", "rel-42", "--service", ""]);
    assert!(services.contains(&"tax".to_owned()), "{services:?}");
    dev.apply(&fixture(DEV));
    let live = format!("live:{}", dev.name());
    assert_eq!(words(&["diff", &live, "rel-42", "--service", ""]), services);
    assert_eq!(words(&["-n", dev.name(), "describe", "live", "--service", "ta"]), ["tax"]);
    // Of most kinds there is nothing in most namespaces.
    dev.kubectl(["delete", "daemonsets,statefulsets,cronjobs", "--all"]).succeeds();
    assert_eq!(words(&["describe", &live, "--service", "ta"]), ["tax"]);
    assert_eq!(words(&["apply", "rel-42", "--variables", ""]), ["prod"]);
    assert_eq!(
        words(&["policy", "inspect", ""]),
        ["semver-major", "flag-compatibility", "promotion-ladder"]
    );
    assert_eq!(words(&["policy", "remove", ""]), ["semver-major"]);
    assert_eq!(words(&["-n", dev.name()]), [dev.name()]);
    assert_eq!(
        words(&["describe", &format!("live:{}", dev.name())]),
        [format!("live:{}", dev.name())]
    );
    let elsewhere = format!("live:admin/{}", dev.name());
    assert_eq!(words(&["describe", &elsewhere]), [elsewhere.as_str()]);
    assert!(words(&["stage", "set", "x", "--at", ""]).contains(&"reader/".to_owned()));
    assert_eq!(
        words(&["list", "-o", ""]),
        ["table", "wide", "json", "yaml", "name", "jsonpath=", "markdown"]
    );
    assert_eq!(words(&["diff", "-o", "h"]), ["html"]);
    let digests = words(&["get", "sha256:"]);
    assert!(digests.len() == 1 && digests.iter().all(|one| one.len() > 64), "{digests:?}");
}

#[test]
fn what_the_words_are() {
    let dev = shop();
    let tab = Tab::new();
    let line = |typed: &[&str]| tab.offer(&dev, typed).lines.remove(0);
    let described = line(&["describe", "rel-41"]);
    let (name, help) = described.split_once('\t').unwrap();
    assert_eq!(name, "rel-41");
    assert!(help.ends_with("s ago: cart asks tax"), "{help}");
    assert!(line(&["describe", "rel-42"]).ends_with(" services"));
    assert_eq!(line(&["promote", "x", "--to", "p"]), "prod\tnamespace shop, after qa");
    assert_eq!(line(&["apply", "x", "--variables", ""]), "prod\tDB_HOST, TAX_URL");
    assert_eq!(line(&["policy", "remove", ""]), "semver-major\tbound, mode warn");
}

#[test]
fn files_are_the_shells() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let tab = Tab::new();
    let directive = |words: &[&str]| tab.offer(&dev, words).directive;
    assert_eq!(directive(&["capture", "x", "--from", ""]), KEEP);
    assert_eq!(directive(&["describe", "./"]), KEEP);
    assert_eq!(directive(&["list", "--kubeconfig", ""]), KEEP);
    assert_eq!(directive(&["delete", ""]), KEEP + NO_FILES);
    assert_eq!(directive(&["list", "-o", "js"]), KEEP + NO_FILES);
    assert_eq!(directive(&["list", "-o", "jsonp"]), KEEP + NO_FILES + NO_SPACE);
}

#[test]
fn the_kubeconfig_is_read_without_its_clusters() {
    let tab = Tab::new();
    let folder = Folder::new(Cluster::shared());
    folder.write("two", TWO_CONTEXTS);
    folder.write("third", TWO_CONTEXTS.replace("shop-", "other-").replace("anna", "bert"));
    let several =
        format!("{folder}/two:{folder}/missing:{folder}/third", folder = folder.path().display());
    let lines = |words: &[&str]| Offer::of(tab.after(words).env("KUBECONFIG", &several)).lines;
    assert_eq!(
        lines(&["list", "--context", "shop"]),
        ["shop-dev\tcluster east, namespace dev", "shop-prod\tcluster east"]
    );
    assert_eq!(lines(&["list", "--context", "other-d"]).len(), 1);
    assert_eq!(lines(&["list", "--user", ""]), ["anna", "bert"]);
    assert_eq!(lines(&["list", "--cluster", ""]), ["east\thttps://127.0.0.1:1"]);
    let named = format!("{}/third", folder.path().display());
    assert_eq!(lines(&["--kubeconfig", &named, "list", "--context", "s"]), Vec::<String>::new());
}

#[test]
fn flags_before_it_count() {
    let dev = shop();
    let other = Namespace::new(Cluster::shared(), "other");
    let tab = Tab::new();
    let count = |words: &[&str]| tab.offer(&other, words).words().len();
    assert_eq!(count(&["delete", ""]), 0);
    assert_eq!(count(&["delete", "--store-namespace", dev.store(), ""]), 3);
    assert_eq!(count(&["--store-namespace", dev.store(), "delete", ""]), 3);
    assert_eq!(count(&["delete", "--store", "./none", "--store-namespace", dev.store(), ""]), 0);
    // Who may not read the store is offered nothing, and told nothing.
    assert_eq!(count(&["delete", "--store-namespace", dev.store(), "--context", "reader", ""]), 0);
    assert_eq!(count(&["delete", "--store-namespace", dev.store(), "--as", "reader", ""]), 0);
    let read = [Rule { group: "", resources: &["configmaps"], verbs: &["list"] }];
    dev.allow_in_store("reader", &read);
    assert_eq!(count(&["delete", "--store-namespace", dev.store(), "--as", "reader", ""]), 3);
}

#[test]
fn a_tab_is_one_request() {
    let dev = shop();
    let tab = Tab::new();
    let count = || {
        let requests = dev.requests();
        requests.iter().filter(|one| one.user_agent.starts_with("kubectl-snapshot")).count()
    };
    let before = count();
    assert_eq!(tab.offer(&dev, &["describe", ""]).lines.len(), 7);
    wait_for("the request to be logged", || (count() == before + 1).then_some(()));
    assert_eq!(tab.offer(&dev, &["delete", ""]).lines.len(), 3);
    wait_for("the request to be logged", || (count() == before + 2).then_some(()));
}

#[test]
fn silent_where_no_cluster_answers() {
    let tab = Tab::new();
    let folder = Folder::new(Cluster::shared());
    folder.write("broken", "clusters: 7");
    // It takes the connection and never says anything.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("https://{}", silent.local_addr().unwrap());
    folder.write("silent", TWO_CONTEXTS.replace("https://127.0.0.1:1", &server));
    folder.write("refused", TWO_CONTEXTS);
    folder.write(
        "asks",
        TWO_CONTEXTS.replace(
            "token: none",
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: ['-c', 'echo password: >&2; read it; sleep 60'], interactiveMode: IfAvailable}",
        ),
    );
    let here = folder.path().display();
    for file in ["missing", "broken", "silent", "refused", "asks"] {
        let began = Instant::now();
        let kubeconfig = format!("{here}/{file}");
        let answer = tab.after(&["diff", ""]).env("KUBECONFIG", kubeconfig).succeeds();
        assert!(began.elapsed() < Duration::from_secs(10), "{file}: {:?}", began.elapsed());
        // kubectl tells there, too, whom it called and what the answer means.
        let kubectls =
            |line: &&str| line.starts_with("[Debug]") || line.starts_with("Completion ended");
        let ours: Vec<_> = answer.stderr.lines().filter(|line| !kubectls(line)).collect();
        assert_eq!(ours, Vec::<&str>::new(), "{file}");
        let first: Vec<_> = answer.stdout.lines().take(2).collect();
        assert_eq!(
            first,
            ["live\twhat runs now", "live:\twhat runs in another namespace"],
            "{file}"
        );
    }
}
