//! Programs of others that tests use, built from Go modules that `go.sum` pins.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

use crate::driver::build_folder;
use crate::offline;

/// Builds a package as a module of `tests/` pins it, and returns its executable: Go keeps what it
/// has compiled, so that this takes long only once.
///
/// # Panics
/// Where Go is missing or the package does not compile.
pub(crate) fn build(module: &str, package: &str, name: &str) -> PathBuf {
    let program = build_folder().join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if !program.exists() {
        // Not by `eprintln!`, which a test that passes keeps to itself.
        let _ = writeln!(io::stderr(), "building {name}; once, about a minute");
    }
    // Go writes in place: another test binary may be running the old one.
    let unfinished = program.with_extension(process::id().to_string());
    let mut build = go(module);
    build.args(["build", "-buildvcs=false", "-trimpath", "-ldflags=-s -w", "-o"]).arg(&unfinished);
    match build.arg(package).status() {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("go build of tests/{module}: {status}"),
        Err(error) => panic!(
            "end-to-end tests build what is in tests/{module} with Go 1.26 or newer, \
             see https://go.dev/dl: {error}"
        ),
    }
    fs::rename(&unfinished, &program).expect("cargo's folder is writable");
    program
}

/// Downloads everything that a module pins; on failure, the last line that Go says.
pub(crate) fn download(module: &str) -> Result<(), String> {
    let output =
        go(module).args(["mod", "download"]).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.trim().lines().last().unwrap_or("go mod download failed").to_owned())
}

/// Go in a module, where the user's own workspace has no say.
fn go(module: &str) -> Command {
    offline::assert_allowed("a program in Go");
    let mut go = Command::new("go");
    go.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(module)).env("GOWORK", "off");
    go
}
