//! Files that tests read.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Reads a file below `tests/fixtures`.
///
/// # Panics
/// Where there is no such file.
#[must_use]
pub fn fixture(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folder of other projects' published manifests, beside the repository at
/// `../shared/data`. It is no part of this project: a test that reads it is
/// skipped where it is absent, and a line says so.
#[must_use]
pub fn shared_data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    // Written past the test harness, which hides what a passing test prints.
    let _ = writeln!(io::stderr(), "skipped: no ../shared/data");
    None
}
