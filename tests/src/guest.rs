//! A policy that does whatever its settings say, good or bad.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The component of `policy-wasm/host/tests/guests`, built once for all tests.
///
/// # Panics
/// Where it cannot be built.
pub static HOSTILE_POLICY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policy-wasm/host/tests/guests");
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from)
        .join("tmp/guests");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--release", "--quiet", "--locked", "--target", "wasm32-wasip2"])
        .arg("--manifest-path")
        .arg(guests.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target);
    // What the outer cargo was told is not meant for another target.
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WORKSPACE_WRAPPER"] {
        cargo.env_remove(variable);
    }
    assert!(cargo.status().is_ok_and(|status| status.success()), "the guest does not build");
    let built = target.join("wasm32-wasip2/release/hostile_policy.wasm");
    std::fs::read(&built).unwrap_or_else(|error| panic!("{}: {error}", built.display()))
});
