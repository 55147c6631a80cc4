//! Packing and filling, as a release does them, with a script in the plugin's place.
//!
//! The plugin itself is packed by the end-to-end tests, which have krew install it.

#![cfg(unix)]

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use krew_manifest::{Error, Input, Origin, PLATFORMS, Platform, fill, pack, plugin};
use tempfile::TempDir;

const COMMITTED: u32 = 1_700_000_000;

/// A project and what was built of it, in a folder that no other has.
struct Checkout(TempDir);

impl Checkout {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["README.md", "LICENSE", "licences"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let checkout = Self(folder);
        checkout.program("#!/bin/sh\necho \"$1 for $2\"\n");
        checkout
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn program(&self, text: &str) {
        let program = self.path().join("built");
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    }

    fn pack(&self, platform: Platform, time: u32) -> Result<Vec<u8>, Error> {
        let program = &self.path().join("built");
        let project = self.path();
        let licences = &project.join("licences");
        let input =
            Input { platform, program, licences, prints_completions: program, project, time };
        pack(&input, &self.path().join("dist")).map(|path| fs::read(path).unwrap())
    }

    fn fill(&self) -> Result<krew_manifest::Release, Error> {
        let origin = Origin {
            base_url: "https://shop.example/releases/".to_owned(),
            homepage: plugin::HOMEPAGE.to_owned(),
        };
        fill(&self.path().join("dist"), COMMITTED, &origin)
    }
}

#[test]
fn two_checkouts_give_one_archive() {
    let (one, other) = (Checkout::new(), Checkout::new());
    for platform in PLATFORMS {
        let first = one.pack(platform, COMMITTED).unwrap();
        assert_eq!(first, other.pack(platform, COMMITTED).unwrap(), "{}", platform.target);
        assert_eq!(first, one.pack(platform, COMMITTED).unwrap(), "{}", platform.target);
    }
}

#[test]
fn the_manifest_has_the_archives_that_there_are() {
    let checkout = Checkout::new();
    let nothing = checkout.fill().unwrap_err();
    assert!(matches!(nothing, Error::NoArchives { .. }), "{nothing}");
    for platform in PLATFORMS.into_iter().filter(|platform| platform.os != "darwin") {
        checkout.pack(platform, COMMITTED).unwrap();
    }
    let release = checkout.fill().unwrap();
    let missing: Vec<_> = release.missing.iter().map(|platform| platform.target).collect();
    assert_eq!(missing, ["x86_64-apple-darwin", "aarch64-apple-darwin"]);
    assert_eq!(release.checksums.lines().count(), 3);
    for line in release.checksums.lines() {
        let (sha256, file) = line.split_once("  ").unwrap();
        let entry = format!("uri: https://shop.example/releases/{file}\n      sha256: {sha256}\n");
        assert!(release.manifest.contains(&entry), "{}", release.manifest);
    }
    assert!(!release.manifest.contains("darwin"), "{}", release.manifest);
    assert!(release.manifest.contains("bin: kubectl-snapshot.exe\n"), "{}", release.manifest);
}

#[test]
fn an_archive_of_another_commit_is_not_released() {
    let checkout = Checkout::new();
    checkout.pack(PLATFORMS[0], COMMITTED).unwrap();
    checkout.pack(PLATFORMS[1], COMMITTED - 60).unwrap();
    let stale = checkout.fill().unwrap_err().to_string();
    assert!(stale.contains("linux-arm64.tar.gz is left from another commit"), "{stale}");
}

#[test]
fn a_plugin_that_prints_no_completions_is_not_packed() {
    let checkout = Checkout::new();
    checkout.program("#!/bin/sh\necho no such shell >&2\nexit 2\n");
    let failed = checkout.pack(PLATFORMS[0], COMMITTED).unwrap_err().to_string();
    assert!(failed.contains("failed for kubectl (exit status: 2): no such shell"), "{failed}");
}

#[test]
fn completions_that_name_a_folder_of_this_machine_are_not_packed() {
    let checkout = Checkout::new();
    checkout.program(&format!("#!/bin/sh\necho {}/built\n", checkout.path().display()));
    let failed = checkout.pack(PLATFORMS[0], COMMITTED).unwrap_err().to_string();
    assert!(failed.contains("names a folder of this machine"), "{failed}");
}
