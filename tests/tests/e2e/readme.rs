//! What the README shows works, and what it names exists.

use std::collections::BTreeSet;

use end_to_end::{Cluster, fixture};
use regex::Regex;

use crate::shop::{self, DEV, PROD};

const README: &str = include_str!("../../../README.md");

/// The commands of the tour, in order.
fn tour() -> Vec<&'static str> {
    let (_, rest) =
        README.split_once("<!-- tour -->\n```console\n").expect("the README has a tour");
    let (block, _) = rest.split_once("```").expect("its block ends");
    block.lines().map(|line| line.strip_prefix("$ ").expect("a command a line")).collect()
}

#[test]
fn its_tour_ends_as_it_says() {
    let dev = shop::running("dev", &fixture(DEV));
    let prod = dev.beside("prod");
    shop::fill(&prod, &fixture(PROD));
    let mut applied = false;
    for command in tour() {
        let here = command
            .replace("-n dev", &format!("-n {}", dev.name()))
            .replace("-n prod", &format!("-n {}", prod.name()))
            .replace("live:prod", &format!("live:{}", prod.name()));
        assert!(here.starts_with("kubectl "), "{here}");
        let expected = match here.split_whitespace().nth(2) {
            Some("diff") if !applied => 1,
            Some("check") => 3,
            _ => 0,
        };
        applied |= here.contains(" apply ");
        let shell = dev.cluster().command("sh", ["-c", &here]);
        shell.env("KUBECTL_SNAPSHOT_STORE", dev.store()).exits(expected);
    }
    assert!(applied, "the tour applies something");
}

#[test]
fn its_commands_exist() {
    let commands = Regex::new(r"kubectl[ -]snapshot ([a-z]+)").unwrap();
    let named: BTreeSet<_> =
        commands.captures_iter(README).map(|found| found[1].to_owned()).collect();
    assert!(named.contains("capture") && named.contains("completion"), "{named:?}");
    for name in named {
        let help = Cluster::shared().plugin([name.as_str(), "--help"]).succeeds();
        assert!(help.stdout.contains(&format!("kubectl snapshot {name}")), "{name}");
    }
}

#[test]
fn its_flags_exist() {
    let help = |command: &str| {
        let words = command.split(' ').chain(["--help"]);
        Cluster::shared().plugin(words).succeeds().stdout
    };
    let commands = ["capture", "diff", "check", "apply", "tag", "stage set", "gc", "doctor"];
    let more = ["evidence add", "approve", "variables learn", "promote", "history", "policy run"];
    let known = commands.into_iter().chain(more).map(help).collect::<Vec<_>>().concat();
    let tour = tour().join("\n");
    let flags = Regex::new(r"(?:^|[\s`(])(--?[a-z][a-z-]*)").unwrap();
    // kubectl's own commands, make and krew are not ours.
    let theirs = |line: &&str| line.contains("make ") || line.contains("krew install ");
    let ours = README.lines().filter(|line| !theirs(line)).chain([tour.as_str()]);
    for line in ours {
        for found in flags.captures_iter(line) {
            assert!(known.contains(&found[1]), "{} is in the README and in no help", &found[1]);
        }
    }
}

#[test]
fn its_exit_codes_are_those_of_the_help() {
    let (_, rest) = README.split_once("## Exit codes").expect("the README has exit codes");
    let row = Regex::new(r"(?m)^\| (\d+) \|").unwrap();
    let readme: BTreeSet<_> = row.captures_iter(rest).map(|found| found[1].to_owned()).collect();
    let help = Cluster::shared().plugin(["--help"]).succeeds().stdout;
    let (_, codes) = help.split_once("Exit codes:").expect("the help has exit codes");
    let code = Regex::new(r"(\d+) [a-z]").unwrap();
    let help: BTreeSet<_> = code.captures_iter(codes).map(|found| found[1].to_owned()).collect();
    assert_eq!(readme, help);
}
