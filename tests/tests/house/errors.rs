//! The texts of errors: below the command line none names a flag or a command of it.
//!
//! The application and its edges may be used by other things than a command line; which
//! flag or command helps is said by the room `advice`, by the type of an error.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{measure, root, rust_files};

/// Folders whose texts are for whoever asks, and not for a command line.
const BELOW: [&str; 6] = [
    "kubectl-snapshot/core/src",
    "kubectl-snapshot/src/app",
    "kubectl-snapshot/src/cluster",
    "kubectl-snapshot/src/policies",
    "kubectl-snapshot/src/sources",
    "kubectl-snapshot/src/store",
];

/// Beginning of a command in a text; what follows the name is a command's name.
const COMMAND: &str = "kubectl snapshot ";

/// The code of a file, without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let lines = text.lines().take(measure::lines(text));
    let code: Vec<&str> = lines.filter(|line| !line.trim_start().starts_with("//")).collect();
    code.join("\n")
}

/// Commands of ours that a text names, each with what follows.
fn commands(code: &str) -> Vec<String> {
    let follows = code.match_indices(COMMAND).map(|(at, _)| &code[at + COMMAND.len()..]);
    let named = follows.filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
    named.map(|rest| format!("{COMMAND}{}", rest.chars().take(20).collect::<String>())).collect()
}

/// Flags that the words of an error name.
fn flags(code: &str) -> Vec<String> {
    let attributes = code.split("#[error(").skip(1);
    let words = attributes.map(|rest| rest.split_once(")]").map_or(rest, |(words, _)| words));
    let is_flag = |word: &&str| {
        word.strip_prefix("--").is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic()))
    };
    let apart = |c: char| !(c.is_alphanumeric() || c == '-');
    words.flat_map(|words| words.split(apart).filter(is_flag)).map(str::to_owned).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let is_test = |path: &PathBuf| path.iter().any(|part| part == "tests" || part == "tests.rs");
    let inside = |path: &PathBuf| path.strip_prefix(folder).expect("it is inside").to_owned();
    rust_files(folder).into_iter().filter(|path| !is_test(&inside(path))).collect()
}

#[test]
fn advice_for_the_command_line_is_given_by_the_command_line() {
    let files: Vec<PathBuf> = BELOW.iter().flat_map(|folder| files(&root().join(folder))).collect();
    assert!(files.len() > 200, "only {} files were found", files.len());
    let found: Vec<String> = files
        .iter()
        .flat_map(|path| {
            let text = fs::read_to_string(path).expect("a source file can be read");
            let code = code(&text);
            let named = commands(&code).into_iter().chain(flags(&code));
            named.map(|named| format!("{}: {named}", path.display())).collect::<Vec<_>>()
        })
        .collect();
    assert!(found.is_empty(), "these belong into the room advice:\n{}", found.join("\n"));
}

#[test]
fn a_command_and_a_flag_in_an_errors_words_are_found() {
    let text = "/// Look with kubectl snapshot list.\n#[error(\n    \"taken; replace it \
                with --force, or -f\"\n)]\nTaken,\nhint(\"run kubectl snapshot gc\");\n\
                #[cfg(test)]\nmod tests {\n\"kubectl snapshot diff --yes\" }\n";
    let code = code(text);
    assert_eq!(flags(&code), ["--force"]);
    assert_eq!(commands(&code), ["kubectl snapshot gc\");"]);
    assert!(commands("written by a newer kubectl snapshot: v2").is_empty());
}
