//! The lists of targets: one for people, and one for each forge.

use std::{fs, path::Path};

use krew_manifest::PLATFORMS;
use serde::de::IgnoredAny;

/// Each names the platforms, for `make`, cargo and a forge's machines read no Rust.
const LISTS: [&str; 3] = ["Makefile", ".github/workflows/release.yml", ".gitlab-ci.yml"];

#[test]
fn every_list_has_every_platform() {
    for list in LISTS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(list);
        let text = fs::read_to_string(path).unwrap();
        for platform in PLATFORMS {
            assert!(text.contains(platform.target), "{list} lacks {}", platform.target);
        }
        if !list.starts_with("Make") {
            serde_saphyr::from_str::<IgnoredAny>(&text)
                .unwrap_or_else(|error| panic!("{list}: {error}"));
        }
    }
}
