//! Policies in Rust.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::succeed;
use crate::workplace::Workplace;

/// Builds a scaffold as its README says, with the versions that this repository
/// pins, and returns the component.
fn build(place: &Workplace) -> PathBuf {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, place.path().join("Cargo.lock")).expect("a test's folder is writable");
    // What policies depend on is compiled once for all of them, and for all runs.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("policy-rust");
    let config = format!("[build]\ntarget-dir = '{}'\n", target.display());
    fs::create_dir_all(place.path().join(".cargo")).expect("a test's folder is writable");
    fs::write(place.path().join(".cargo/config.toml"), config).expect("it is writable");
    succeed("cargo test --quiet", place.path());
    succeed("cargo build --release --target wasm32-wasip2", place.path());
    target.join("wasm32-wasip2/release/policy.wasm")
}

/// One after the other, for both are called `policy.wasm`.
#[test]
fn compatibility_and_promotion() {
    for decision in ["compatibility", "promotion"] {
        let place = Workplace::new_policy("rust", decision);
        let component = build(&place);
        let policy = place.ask(&component, "no-latest");
        let decides: Vec<String> = policy.decisions().map(|it| it.to_string()).collect();
        assert_eq!(decides, [decision]);
    }
}
