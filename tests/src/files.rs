//! Files that tests read.

use std::fs;
use std::path::{Path, PathBuf};

use crate::ignore;

/// Fixture: the shop of the story as it runs in dev, its Secret aside.
pub const DEV: &str = "shop/dev.yaml";

/// Fixture: the shop as it runs in prod, its Secret aside.
pub const PROD: &str = "shop/prod.yaml";

/// Text that the shop's Secret holds, and nothing of the plugin's may.
pub const SECRET: &str = "must-never-appear-4711";

/// Manifest of one service.
pub const TAX: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: tax}
spec:
  selector: {matchLabels: {app: tax}}
  template:
    metadata: {labels: {app: tax}}
    spec:
      containers:
      - {name: tax, image: 'registry.example/shop/tax:1.3.9'}
";

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
/// `../shared/data`. It is no part of this project: where it is absent, a test that reads it is
/// ignored.
#[must_use]
pub fn shared_data() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if !folder.is_dir() {
        ignore("there is no ../shared/data beside the repository");
    }
    folder
}
