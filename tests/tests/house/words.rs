//! The words of the docs: the first sentence of a module or an item names the thing.
//!
//! "Exit code of a command", "True if nothing differs", "Reads a document", as std and
//! Kubernetes have it. A sentence that begins with a question ("What …", "Whether …") or
//! with a pronoun ("Its …") has to be read with the code beside it.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// First words that name nothing.
const NAMELESS: [&str; 18] = [
    "As", "From", "How", "It", "Its", "Nobody", "Somebody", "They", "This", "What", "When",
    "Where", "Whether", "Which", "Who", "Whom", "Whose", "Why",
];

/// Top folders with Rust in them.
const FOLDERS: [&str; 5] =
    ["krew-manifest", "kubectl-snapshot", "policies", "policy-wasm", "tests"];

/// Docs of a source file that name nothing: the line, and how each begins.
fn nameless(path: &str, text: &str) -> Vec<String> {
    let has_help = text.contains("clap::");
    let blocks = blocks(text).into_iter();
    let blamed = blocks.filter(|block| is_nameless(&block.text) && !(has_help && block.is_help()));
    blamed.map(|block| format!("{path}:{}: {}", block.line, start(&block.text))).collect()
}

/// First paragraph of a doc comment.
struct Block {
    /// Number of its first line, from 1.
    line: usize,
    text: String,
}

impl Block {
    /// True for the help of an argument or a command: clap's texts end without a full stop,
    /// and are written for the user of the command line.
    fn is_help(&self) -> bool {
        !self.text.ends_with('.')
    }
}

/// Doc comments of a file, each as its first paragraph.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = "";
    let mut paragraph = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        let marker = ["//!", "///"].into_iter().find(|marker| line.starts_with(marker));
        let Some(marker) = marker.filter(|_| !line.starts_with("////")) else {
            open = "";
            continue;
        };
        let words = line[marker.len()..].trim();
        if open != marker {
            blocks.push(Block { line: number + 1, text: words.to_owned() });
            paragraph = !words.is_empty();
        } else if words.is_empty() {
            paragraph = false;
        } else if let Some(block) = blocks.last_mut().filter(|_| paragraph) {
            block.text = format!("{} {words}", block.text);
        }
        open = marker;
    }
    blocks
}

fn is_nameless(text: &str) -> bool {
    let first: &str = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    NAMELESS.contains(&first) || text.starts_with("The same")
}

fn start(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Rust files below a folder, those that a build makes left out.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a source folder can be read") {
        let path = entry.expect("a folder's entry can be read").path();
        if path.is_dir() {
            if !path.ends_with("target") {
                files.extend(rust_files(&path));
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn docs_begin_with_the_name_of_a_thing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files: Vec<PathBuf> =
        FOLDERS.iter().flat_map(|folder| rust_files(&root.join(folder))).collect();
    assert!(files.len() > 500, "only {} files were found", files.len());
    let mut found: Vec<String> = files
        .iter()
        .flat_map(|path| {
            let text = fs::read_to_string(path).expect("a source file can be read");
            let path = path.strip_prefix(&root).expect("it is inside");
            nameless(&path.to_string_lossy().replace('\\', "/"), &text)
        })
        .collect();
    found.sort();
    assert!(found.is_empty(), "these docs do not name their thing:\n{}", found.join("\n"));
}

#[test]
fn a_question_or_a_pronoun_in_place_of_a_name_is_found() {
    let text = "//! What it holds.\n\n/// Whether it is\n/// there.\nfn there() {}\n\n/// Number of things.\n///\n/// What follows is a detail.\n";
    assert_eq!(nameless("a.rs", text), ["a.rs:1: What it holds.", "a.rs:3: Whether it is there."]);
    assert_eq!(nameless("a.rs", "/// The same again.\n"), ["a.rs:1: The same again."]);
    assert_eq!(
        nameless("a.rs", "/// Itself.\n//// What is no doc.\n// What is none, too.\n"),
        [""; 0]
    );
}

#[test]
fn the_help_of_an_argument_is_the_users() {
    let text = "use clap::Args;\n/// What to call it\nname: String,\n/// What it holds.\nof: u8,\n";
    assert_eq!(nameless("a.rs", text), ["a.rs:4: What it holds."]);
}
