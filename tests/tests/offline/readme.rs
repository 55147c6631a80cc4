//! Commands and flags of the README, each flag held against the help of its command.

use std::collections::{BTreeMap, BTreeSet};

use end_to_end::{commands, plugin, test};
use regex::Regex;

const README: &str = include_str!("../../../README.md");

/// The help of every command, by its words; that of the plugin itself has none.
fn helps() -> BTreeMap<String, String> {
    let help = |command: &str| {
        let words = command.split_whitespace().chain(["--help"]);
        plugin(words).succeeds().stdout
    };
    let commands = commands(help).into_iter().chain([String::new()]);
    commands.map(|command| (command.clone(), help(&command))).collect()
}

/// Flags that a help explains: those that begin its lines.
fn flags(help: &str) -> BTreeSet<&str> {
    let options = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    options.flat_map(|line| line.split([' ', ',', '=', '['])).filter(|word| is_flag(word)).collect()
}

fn is_flag(word: &str) -> bool {
    let name = word.strip_prefix("--").or(word.strip_prefix('-')).unwrap_or_default();
    name.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// Code on a page: command lines of its console blocks, and code in its sentences.
fn code(page: &str) -> Vec<String> {
    let mut code = Vec::new();
    let mut prose = String::new();
    for (number, block) in page.split("```").enumerate() {
        if number % 2 == 0 {
            prose.push_str(block);
        } else {
            code.extend(
                block.lines().filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned),
            );
        }
    }
    let spans = prose.split('`').skip(1).step_by(2);
    code.extend(spans.map(|span| span.split_whitespace().collect::<Vec<_>>().join(" ")));
    code
}

/// Flags of a section that its commands do not have. One that stands alone belongs to a command
/// that the section names, or to all of them; a variable's stands where the variable is explained.
fn unknown_flags(section: &str, helps: &BTreeMap<String, String>) -> Vec<String> {
    let of = |command: &str| flags(&helps[command]);
    let global = of("");
    let mut named = Vec::new();
    let mut alone = Vec::new();
    let mut unknown = Vec::new();
    for code in code(section) {
        for part in code.split([';', '|', '&']) {
            let mut words: Vec<&str> = part.split_whitespace().collect();
            let ours = words.starts_with(&["kubectl", "snapshot"]);
            words.drain(..if ours { 2 } else { 0 });
            words.retain(|word| *word != "kubectl-snapshot");
            let both = words.get(..2).map(|two| two.join(" "));
            let command = both.filter(|two| helps.contains_key(two));
            let command = command.or_else(|| words.first().map(|&first| first.to_owned()));
            let used =
                words.iter().filter_map(|word| word.split('=').next()).filter(|w| is_flag(w));
            match command.filter(|command| helps.contains_key(command) && !command.is_empty()) {
                Some(command) => {
                    let known = of(&command);
                    let foreign = used.filter(|flag| !known.contains(flag));
                    unknown.extend(foreign.map(|flag| format!("{command} has no {flag}")));
                    named.push(command);
                }
                None if words.first().is_some_and(|word| is_flag(word)) => {
                    alone.extend(used.map(str::to_owned));
                }
                // A command of others.
                None => {}
            }
        }
    }
    let variable = Regex::new(r"KUBECTL_SNAPSHOT_[A-Z_]+").expect("a constant");
    for flag in alone {
        let has = |command: &String| of(command).contains(flag.as_str());
        let explains = |help: &String| {
            variable.find_iter(section).any(|variable| {
                let (flag, variable) =
                    (format!("{flag} <"), format!("[env: {}", variable.as_str()));
                help.split("\n\n")
                    .any(|option| option.contains(&flag) && option.contains(&variable))
            })
        };
        if !global.contains(flag.as_str())
            && !named.iter().any(has)
            && !helps.values().any(explains)
        {
            unknown.push(format!("no command that is named beside {flag} has it"));
        }
    }
    unknown
}

#[test]
fn its_commands_exist() {
    let helps = helps();
    let commands = Regex::new(r"kubectl[ -]snapshot ([a-z]+)").unwrap();
    let named: BTreeSet<_> =
        commands.captures_iter(README).map(|found| found[1].to_owned()).collect();
    assert!(named.contains("capture"), "{named:?}");
    for name in named {
        assert!(helps.contains_key(&name), "the README shows a command {name}");
    }
}

#[test]
fn its_flags_are_those_of_its_commands() {
    let helps = helps();
    let unknown: Vec<_> =
        README.split("\n## ").flat_map(|section| unknown_flags(section, &helps)).collect();
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

#[test]
fn a_flag_of_another_command_is_found() {
    let helps = helps();
    let unknown = |text: &str| unknown_flags(text, &helps);
    assert_eq!(unknown("run `gc --grace 1h`, and\n`capture\n--from -`"), Vec::<String>::new());
    assert_eq!(unknown("run `capture --grace 1h`"), ["capture has no --grace"]);
    assert_eq!(
        unknown("```console\n$ kubectl snapshot stage list --at qa\n```"),
        ["stage list has no --at"]
    );
    assert_eq!(unknown("`gc` heeds `--grace`, and `-n` counts"), Vec::<String>::new());
    let beside = ["no command that is named beside --grace has it"];
    assert_eq!(unknown("`capture` heeds `--grace`"), beside);
    assert_eq!(unknown("`KUBECTL_SNAPSHOT_TIMEOUT`: `--timeout`"), Vec::<String>::new());
    assert_eq!(unknown("`kubectl krew install --manifest=x`"), Vec::<String>::new());
}
