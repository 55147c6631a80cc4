//! Files that are generated: written where `INSTA_UPDATE=always` asks for it, else compared.

use std::{env, fs};

use crate::page::root;

/// Compares a file of the project with what it has to be.
#[track_caller]
pub(crate) fn assert_file(path: &str, text: &str) {
    let file = root().join(path);
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&file, text).unwrap();
    }
    let there = fs::read_to_string(&file).unwrap_or_default();
    assert!(there == text, "{path} is not what would be generated now; write it: make reference");
}
