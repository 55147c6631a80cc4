//! Readers of files, as functions of bytes.

use snapshot_core::{
    assembly::CaptureOptions,
    document,
    parts::Document,
    snapshot::{Metadata, Snapshot},
};

use super::{Content, content::read_here, input::Input, junit};

/// Manifests, documents of snapshots and flag definitions, in JSON or YAML.
pub fn manifests(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    read(Input { name: "shop.yaml".to_owned(), text: text.to_owned() });
}

/// Flag definitions: as a file of their own, and as a key of a ConfigMap.
pub fn flags(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for ending in ["json", "yaml"] {
        let name = format!("shop.flagd.{ending}");
        let object = serde_json::json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "shop-flags"}, "data": {&name: text},
        });
        read(Input { name: "shop.json".to_owned(), text: object.to_string() });
        read(Input { name, text: text.to_owned() });
    }
}

/// Reports of test runs.
pub fn junit(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(report) = junit::read("report.xml", text) {
        let _ = (report.passed(), report.needs_exit_code(), report.summary());
    }
}

/// Reads files as a set, whose document comes back.
fn read(input: Input) {
    let options = CaptureOptions { lenient: true, ..CaptureOptions::default() };
    let Ok(Content::Set { assembled, .. }) = read_here(&[input], options, &[]) else { return };
    let digest = assembled.spec.digest();
    let snapshot = Snapshot { metadata: Metadata::default(), spec: assembled.spec };
    let mut written = Vec::new();
    document::write(&Document::from(snapshot), &mut written).expect("memory takes it");
    let read = document::read_with_digest(&written);
    assert!(read.is_ok_and(|(_, again)| again == digest), "a set comes back");
}
