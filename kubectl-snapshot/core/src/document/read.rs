//! Reader of snapshot documents; trusts nothing that a digest does not prove.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{DocumentError, fault, header, set::SetText};
use crate::{
    canonical,
    digest::Digest,
    manifest::Manifest,
    snapshot::{Metadata, Snapshot, Spec},
};

#[derive(Deserialize)]
struct DocumentText<'a> {
    #[serde(default)]
    metadata: MetadataText,
    #[serde(borrow)]
    spec: SetText<'a>,
}

/// `metadata`, whose digest belongs to the text: a snapshot in memory has its set.
#[derive(Default, Deserialize)]
pub(super) struct MetadataText {
    #[serde(default)]
    pub(super) digest: Option<Digest>,
    #[serde(flatten)]
    pub(super) metadata: Metadata,
}

/// Reads a document, canonical or pretty-printed.
pub fn read(text: impl AsRef<[u8]>) -> Result<Snapshot, DocumentError> {
    read_with_digest(text).map(|(snapshot, _)| snapshot)
}

/// Reads a document; for those who need its digest too, which takes as long as reading.
pub fn read_with_digest(text: impl AsRef<[u8]>) -> Result<(Snapshot, Digest), DocumentError> {
    let text = as_text(text.as_ref())?;
    header::check(text)?;
    let document: DocumentText<'_> =
        serde_json::from_str(text).map_err(|error| fault::in_text(&error))?;
    let MetadataText { digest: stated, metadata } = document.metadata;
    let SetText { services, flags, objects, extra } = document.spec;
    let spec = Spec { services, flags, objects: verify_objects(objects)?, extra };
    check_complete(&spec)?;
    let actual = spec.digest();
    match stated.filter(|stated| *stated != actual) {
        Some(stated) => Err(DocumentError::Changed { stated, actual }),
        None => Ok((Snapshot { metadata, spec }, actual)),
    }
}

/// Reads a document that was parsed already, from YAML for example.
pub fn from_value(value: &Value) -> Result<Snapshot, DocumentError> {
    read(canonical::text(value)).map_err(fault::in_tree)
}

/// The bytes as text, without the mark that some editors put before it.
pub(super) fn as_text(bytes: &[u8]) -> Result<&str, DocumentError> {
    let text = str::from_utf8(bytes).map_err(|error| DocumentError::NotJson(error.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().is_empty() { Err(DocumentError::Empty) } else { Ok(text) }
}

fn verify_objects(
    objects: BTreeMap<Digest, &RawValue>,
) -> Result<BTreeMap<Digest, Manifest>, DocumentError> {
    objects.into_iter().map(|(key, raw)| Ok((key, verify_object(key, raw)?))).collect()
}

fn verify_object(key: Digest, raw: &RawValue) -> Result<Manifest, DocumentError> {
    let text = raw.get();
    if !text.starts_with('{') {
        return Err(DocumentError::NotAnObject(key));
    }
    // Almost every document is canonical, and hashing is much cheaper than a tree.
    if Digest::of(text.as_bytes()) == key {
        return Ok(Manifest::from_canonical(text));
    }
    let tree: Value =
        serde_json::from_str(text).map_err(|error| fault::in_tree(fault::in_text(&error)))?;
    let manifest = Manifest::new(&tree);
    let actual = manifest.digest();
    if actual == key { Ok(manifest) } else { Err(DocumentError::ObjectChanged { key, actual }) }
}

fn check_complete(spec: &Spec) -> Result<(), DocumentError> {
    for running in spec.instances() {
        let missing = |digest: &Digest, what: String| {
            Err(DocumentError::ObjectMissing { instance: running.key(), what, digest: *digest })
        };
        if !spec.objects.contains_key(&running.instance.manifest) {
            return missing(&running.instance.manifest, "manifest".to_owned());
        }
        for (name, digest) in &running.instance.configs {
            if !spec.objects.contains_key(digest) {
                return missing(digest, format!("ConfigMap {name}"));
            }
        }
    }
    Ok(())
}
