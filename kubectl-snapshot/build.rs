//! Builds the policies that ship inside the plugin, as components.
//!
//! They are written with the guest crate like anyone's, so they are built like
//! anyone's: by cargo, for `wasm32-wasip2`, in a target folder of their own.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The packages under `policies/` that ship.
const SHIPPED: [&str; 3] = ["flag-compatibility", "semver-major", "promotion-ladder"];

fn main() {
    let variable = |name: &str| {
        PathBuf::from(env::var_os(name).unwrap_or_else(|| panic!("cargo sets {name}")))
    };
    let root = variable("CARGO_MANIFEST_DIR").join("..");
    let out = variable("OUT_DIR");
    for source in ["policy-wasm/guest", "policy-wasm/wit", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    for policy in SHIPPED {
        println!("cargo::rerun-if-changed={}", root.join("policies").join(policy).display());
    }
    leave_out_tables(&variable("CARGO_MANIFEST_DIR").join("without-tables.ld"));
    build(&root, &out);
}

/// Leaves the tables for unwinding out of what is released on Linux, which never unwinds.
fn leave_out_tables(script: &Path) {
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|value| value == wanted);
    println!("cargo::rerun-if-changed={}", script.display());
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") {
        println!("cargo::rustc-link-arg-bins=-Wl,--no-eh-frame-hdr,-T,{}", script.display());
    }
}

/// Builds them in one go, so that cargo compiles what they share while it links another.
fn build(root: &Path, out: &Path) {
    let target = out.join("policies");
    // The same bytes wherever they are built: no path of this machine inside.
    let home = env::var_os("CARGO_HOME").map_or_else(
        || PathBuf::from(env::var_os("HOME").unwrap_or_default()).join(".cargo"),
        PathBuf::from,
    );
    let project = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let mut folders = vec![(home.clone(), "/cargo"), (project, "/kubectl-snapshot")];
    // The last that fits counts: a registry's folder is named for the mirror it came from.
    let registries = std::fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
    folders.extend(registries.map(|registry| (registry.path(), "/cargo/registry")));
    folders.sort();
    let flags: Vec<String> = folders
        .iter()
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect();
    let flags = flags.join("\u{1f}");
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args(["build", "--release", "--target", "wasm32-wasip2"])
        .args(SHIPPED.map(|policy| ["--package", policy]).as_flattened())
        .arg("--target-dir")
        .arg(&target)
        .env("CARGO_ENCODED_RUSTFLAGS", flags)
        // Whatever wraps the compiler for the plugin (clippy, coverage) is not meant for its policies.
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .env_remove("RUSTC_WRAPPER")
        .env_remove("CARGO_BUILD_TARGET")
        .status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => panic!(
            "the policies cannot be built ({status}); is the target there? rustup target add wasm32-wasip2"
        ),
        Err(error) => panic!("cargo cannot be started to build the policies: {error}"),
    }
    for policy in SHIPPED {
        let built =
            target.join("wasm32-wasip2/release").join(format!("{}.wasm", policy.replace('-', "_")));
        std::fs::copy(&built, out.join(format!("{policy}.wasm")))
            .unwrap_or_else(|error| panic!("{}: {error}", built.display()));
    }
}
