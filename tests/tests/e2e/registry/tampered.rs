//! Tampered contents of a registry.

use std::fs;

use end_to_end::{Output, Registry, test};

use super::{Desk, transcript};

/// Pulls, and expects that nothing is written.
#[track_caller]
fn refused(desk: &Desk, reference: &str) -> Output {
    let pull = desk.run(&format!("policy pull {reference} -f pulled.wasm")).exits(1);
    assert!(!desk.folder.path().join("pulled.wasm").exists());
    pull
}

/// The digest of the component that a pushed reference leads to.
fn component(desk: &Desk, pinned: &str) -> String {
    let manifest: serde_json::Value = serde_json::from_str(&desk.stored(pinned)).unwrap();
    manifest["layers"][0]["digest"].as_str().unwrap().to_owned()
}

#[test]
fn another_component_in_its_place_is_noticed() {
    let desk = Desk::new(Registry::new());
    let pinned = desk.push("here:tax:1.4");
    let stored = desk.registry.stored(&component(&desk, &pinned));
    let mut bytes = fs::read(&stored).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&stored, &bytes).unwrap();
    insta::assert_snapshot!("tampered_component", transcript(&refused(&desk, &pinned)));
    // Shorter and longer ones as well.
    for bytes in [&bytes[..last], &[bytes.as_slice(), b"more"].concat()] {
        fs::write(&stored, bytes).unwrap();
        let said = refused(&desk, "here:tax:1.4").stderr;
        assert!(said.contains("is not what its digest names"), "{said}");
    }
    fs::remove_file(&stored).unwrap();
    refused(&desk, &pinned);
}

#[test]
fn another_manifest_in_its_place_is_noticed() {
    let desk = Desk::new(Registry::new());
    let pinned = desk.push("here:tax:1.4");
    let (_, digest) = pinned.split_once('@').unwrap();
    let stored = desk.registry.stored(digest);
    let manifest = fs::read_to_string(&stored).unwrap();
    fs::write(&stored, manifest.replace("flag-compatibility", "flag_compatibility")).unwrap();
    for reference in [&pinned, "here:tax:1.4"] {
        let said = refused(&desk, reference).stderr;
        assert!(
            said.contains("manifest") && said.contains("is not what its digest names"),
            "{said}"
        );
    }
}

#[test]
fn what_is_too_large_is_not_downloaded() {
    let desk = Desk::new(Registry::new());
    let pinned = desk.push("here:tax:1.4");
    let component = component(&desk, &pinned);
    let manifest: serde_json::Value = serde_json::from_str(&desk.stored(&pinned)).unwrap();
    let size = manifest["layers"][0]["size"].to_string();
    let huge = desk.stored(&pinned).replace(&format!(":{size}}}"), &format!(":{}}}", 65 << 20));
    desk.registry.put_manifest("policies/tax", "huge", &huge);
    // Nothing is there to be downloaded, and nobody notices.
    fs::remove_file(desk.registry.stored(&component)).unwrap();
    insta::assert_snapshot!("too_large", transcript(&refused(&desk, "here:tax:huge")));
}
