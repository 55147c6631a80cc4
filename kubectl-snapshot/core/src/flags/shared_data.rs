//! Public flag files to read in tests: never copied, so not always here.

use std::path::{Path, PathBuf};

/// A file or folder of the shared data; a visible note where there is none.
#[expect(clippy::print_stderr, reason = "a test that did not run must be seen not to have run")]
pub(super) fn path(below: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(below);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not here", path.display());
    None
}
