//! The pages, and the parts of them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A page of the documentation.
pub(crate) struct Page {
    /// Path from the project's folder.
    pub(crate) path: PathBuf,
    /// Text of the page.
    pub(crate) text: String,
}

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A file of the project.
#[track_caller]
pub(crate) fn file(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every page of the project; those that `policy new` copies are for other folders.
pub(crate) fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    for folder in ["", "docs", "docs/reference", "policy-wasm", "policies"] {
        let below = if folder == "policies" { folders(folder) } else { vec![folder.into()] };
        for folder in below {
            let entries = fs::read_dir(root().join(&folder)).expect("the folder is there");
            for entry in entries {
                let name = entry.expect("a folder can be read").file_name();
                let path = folder.join(name);
                if path.extension().is_some_and(|extension| extension == "md") {
                    let text = fs::read_to_string(root().join(&path)).expect("a page is text");
                    pages.push(Page { path, text });
                }
            }
        }
    }
    assert!(pages.len() > 15, "only {} pages were found", pages.len());
    pages
}

fn folders(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("a folder can be read").file_name());
    let paths = names.map(|name| Path::new(folder).join(name));
    paths.filter(|path| root().join(path).is_dir()).collect()
}

impl Page {
    /// The lines outside blocks of code.
    pub(crate) fn prose(&self) -> impl Iterator<Item = &str> {
        let mut in_block = false;
        self.text.lines().filter(move |line| {
            let fence = line.trim_start().starts_with("```");
            in_block ^= fence;
            !fence && !in_block
        })
    }

    /// The lines inside blocks of code.
    pub(crate) fn code(&self) -> impl Iterator<Item = &str> {
        let mut in_block = false;
        self.text.lines().filter(move |line| {
            let fence = line.trim_start().starts_with("```");
            in_block ^= fence;
            !fence && in_block
        })
    }

    /// The anchors of the headings, as forges make them.
    pub(crate) fn anchors(&self) -> Vec<String> {
        self.prose().filter(|line| line.starts_with('#')).map(anchor).collect()
    }
}

fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
