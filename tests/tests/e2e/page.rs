//! The blocks of a documentation page, as tests follow them.

use std::sync::LazyLock;

use regex::Regex;

/// An exit code other than 0, as a comment of the shell.
static EXIT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\$ (.*?)(?: +# exit code (\d+))?$").expect("a constant"));

/// A block of a page, by its fence.
pub(crate) enum Block<'a> {
    /// `console`: commands, each with the exit code that it ends with.
    Commands(Vec<(&'a str, i32)>),
    /// `text`: lines of the output of the last command before it.
    Printed(Vec<&'a str>),
    /// A language and a name: a file that the commands after it find.
    File(&'a str, String),
    /// Anything else, to be read.
    Shown,
}

/// The blocks of a page, in their order.
pub(crate) fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut lines = page.lines();
    let mut blocks = Vec::new();
    while let Some(line) = lines.next() {
        let Some(fence) = line.strip_prefix("```") else { continue };
        let body: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        blocks.push(match fence.split_once(' ') {
            Some((_, name)) => Block::File(name, body.join("\n") + "\n"),
            None if fence == "console" => Block::Commands(body.into_iter().map(command).collect()),
            None if fence == "text" => Block::Printed(body),
            None => Block::Shown,
        });
    }
    blocks
}

/// The commands of a page, in their order, each with its exit code. Those of make have tests of
/// their own: the targets exist, and this very run is one of them.
pub(crate) fn commands(page: &str) -> Vec<(&str, i32)> {
    let of_block = |block| match block {
        Block::Commands(commands) => commands,
        _ => Vec::new(),
    };
    let commands = blocks(page).into_iter().flat_map(of_block);
    commands.filter(|(command, _)| !is_make(command)).collect()
}

/// A command that builds the project.
pub(crate) fn is_make(command: &str) -> bool {
    command.starts_with("make ")
}

fn command(line: &str) -> (&str, i32) {
    let found = EXIT.captures(line).unwrap_or_else(|| panic!("no command: {line}"));
    let exit = found.get(2).map_or(0, |code| code.as_str().parse().expect("digits"));
    (found.get(1).expect("always there").as_str(), exit)
}
