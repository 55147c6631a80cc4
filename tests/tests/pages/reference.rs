//! The reference of commands and variables, made of what every command says of itself.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use crate::{generated::assert_file, page::file, plugin};

/// The heading of the flags that every command takes.
const GLOBAL: &str = "Global options:";
/// Markers around the part of a page that is generated.
const BEGIN: &str = "<!-- written by `make reference` -->\n";
const END: &str = "<!-- end -->\n";

/// Output of a command's `--help`.
fn help(command: &str) -> String {
    let words: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
    let said = plugin::run(Path::new("/"), "100", &words);
    assert!(said.status.success(), "{command} --help");
    let text = String::from_utf8(said.stdout).unwrap();
    text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// A part of a help text: the lines below a title, to the next one.
fn section<'a>(help: &'a str, title: &str) -> &'a str {
    let Some((_, rest)) = help.split_once(&format!("\n{title}\n")) else { return "" };
    let end = rest
        .match_indices('\n')
        .find(|(at, _)| rest[at + 1..].starts_with(|first: char| !first.is_whitespace()));
    end.map_or(rest, |(at, _)| &rest[..at]).trim_end()
}

/// A help text without what every command has.
fn own(help: &str) -> String {
    let globals = format!("{GLOBAL}\n{}", section(help, GLOBAL));
    let own = help.replace(&globals, "");
    // Where the part was, an empty line is too many.
    own.trim_end().replace("\n\n\n\n", "\n\n").replace("\n\n\n", "\n\n")
}

/// Every command with its help, each above those below it.
fn commands() -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect("", &mut found);
    assert!(found.len() > 40, "only {} commands were found", found.len());
    found
}

fn collect(command: &str, found: &mut Vec<(String, String)>) {
    let text = help(command);
    let below = section(&text, "Commands:").lines();
    // A name stands two columns in, a description that goes on in another line further.
    let names = below.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<String> =
        names.filter_map(|line| Some(line.split_whitespace().next()?.to_owned())).collect();
    found.push((command.to_owned(), text));
    for name in names {
        collect(format!("{command} {name}").trim(), found);
    }
}

#[test]
fn it_has_every_command() {
    let commands = commands();
    let (_, root) = &commands[0];
    let mut page = format!(
        "# Commands\n\n{BEGIN}\n```text\n{}\n```\n\nEvery command takes the \
         [global options](#global-options) besides its own.\n",
        own(root)
    );
    for (name, help) in &commands[1..] {
        let _ = write!(page, "\n## kubectl snapshot {name}\n\n```text\n{}\n```\n", own(help));
    }
    let globals = section(root, GLOBAL);
    assert!(globals.contains("--store-namespace"), "{globals}");
    let _ = write!(page, "\n## Global options\n\n```text\n{globals}\n```\n");
    assert_file("docs/reference/commands.md", &page);
}

#[test]
fn it_has_every_variable_that_stands_for_a_flag() {
    let mut variables: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (_, help) in commands() {
        let mut flag = ("", Vec::new());
        for line in help.lines().map(str::trim) {
            if let Some((variable, _)) =
                line.strip_prefix("[env: ").and_then(|rest| rest.split_once('='))
            {
                // Up to the first empty line, after which its possible values are listed.
                let about = flag.1.split(|line: &&str| line.is_empty()).next();
                let about = about.unwrap_or_default().join(" ");
                variables.insert(variable.to_owned(), (flag.0.to_owned(), about));
            } else if let Some(at) = line.find("--").filter(|_| line.starts_with('-')) {
                let name = line[at..].split([' ', '=', '[']).next().unwrap_or_default();
                flag = (name, Vec::new());
            } else {
                flag.1.push(line);
            }
        }
    }
    assert!(variables.len() > 5, "{variables:?}");
    let mut table = "\n| variable | stands for | |\n|---|---|---|\n".to_owned();
    for (variable, (flag, about)) in variables {
        let _ = writeln!(table, "| `{variable}` | `{flag}` | {about} |");
    }
    let page = file("docs/reference/environment.md");
    let (before, rest) = page.split_once(BEGIN).expect("the generated part begins");
    let (_, after) = rest.split_once(END).expect("the generated part ends");
    assert_file("docs/reference/environment.md", &format!("{before}{BEGIN}{table}\n{END}{after}"));
}
