//! Policies in Rust.

use end_to_end::test;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::program::succeed;
use crate::workplace::Workplace;

/// Builds a scaffold as its README says, with the versions that this repository
/// pins.
fn build(place: &Workplace) {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, place.path().join("Cargo.lock")).expect("a test's folder is writable");
    // What policies depend on is compiled once for all of them, and for all runs.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("policy-rust");
    let config = format!("[build]\ntarget-dir = '{}'\n", target.display());
    fs::create_dir_all(place.path().join(".cargo")).expect("a test's folder is writable");
    fs::write(place.path().join(".cargo/config.toml"), config).expect("it is writable");
    succeed("cargo test --quiet", place.path());
    succeed("cargo build --release --target wasm32-wasip2", place.path());
    fs::create_dir_all(place.path().join("build")).expect("it is writable");
    let built = target.join("wasm32-wasip2/release/policy.wasm");
    fs::copy(built, place.path().join("build/policy.wasm")).expect("cargo has built it");
}

/// One after the other, for both are called `policy.wasm`.
#[test]
fn compatibility_and_promotion() {
    for decision in ["compatibility", "promotion"] {
        let place = Workplace::new_policy("rust", decision);
        build(&place);
        place.test("no-latest");
        assert_eq!(place.inspect()["about"]["decisions"], serde_json::json!([decision]));
    }
}

/// Examples in Rust, members of this workspace and built in it.
const EXAMPLES: [&str; 4] =
    ["freeze-window", "pinned-or-listed", "schema-version", "small-canaries"];

/// The folder that they are built into, together and once.
static BUILT: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("policy-examples");
    let packages = EXAMPLES.map(|example| format!(" --package {example}")).concat();
    let build = format!(
        "cargo build --release --locked --target wasm32-wasip2 --target-dir {}{packages}",
        target.display(),
    );
    succeed(&build, &root);
    target.join("wasm32-wasip2/release")
});

/// The example, built.
pub(crate) fn example(name: &str) -> Workplace {
    let place = Workplace::example(name);
    let component = BUILT.join(format!("{}.wasm", name.replace('-', "_")));
    fs::create_dir_all(place.path().join("build")).expect("it is writable");
    fs::copy(component, place.path().join("build/policy.wasm")).expect("it is built");
    place
}

#[test]
fn examples() {
    for name in EXAMPLES {
        example(name).test(name);
    }
}
