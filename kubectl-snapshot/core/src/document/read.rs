//! Reader of snapshot documents; trusts nothing that a digest does not prove.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{
    DocumentError, fault,
    header::{self, Shape},
    metadata::{MetadataText, PartsMetadataText},
    set::{PartsText, SetText},
};
use crate::{
    canonical,
    digest::Digest,
    manifest::Manifest,
    parts::{Document, Parts, Several},
    snapshot::{Snapshot, Spec},
};

#[derive(Deserialize)]
struct OneText<'a> {
    #[serde(default)]
    metadata: MetadataText,
    #[serde(borrow)]
    spec: SetText<'a>,
}

#[derive(Deserialize)]
struct SeveralText<'a> {
    #[serde(default)]
    metadata: PartsMetadataText,
    #[serde(borrow)]
    spec: PartsText<'a>,
}

/// Reads a document, canonical or pretty-printed.
pub fn read(text: impl AsRef<[u8]>) -> Result<Document, DocumentError> {
    read_with_digest(text).map(|(document, _)| document)
}

/// Reads a document; for those who need its digest too, which takes as long as reading.
pub fn read_with_digest(text: impl AsRef<[u8]>) -> Result<(Document, Digest), DocumentError> {
    let text = as_text(text.as_ref())?;
    let (document, stated) = match header::check(text)? {
        Shape::One => {
            let OneText { metadata, spec } =
                serde_json::from_str(text).map_err(|error| fault::in_text(&error))?;
            let MetadataText { digest, metadata } = metadata;
            (Document::One(Snapshot { metadata, spec: read_set(spec)? }), digest)
        }
        Shape::Parts => {
            let SeveralText { metadata, spec } =
                serde_json::from_str(text).map_err(|error| fault::in_text(&error))?;
            let digest = metadata.whole.digest;
            (Document::Several(read_parts(metadata, spec)?), digest)
        }
    };
    let actual = document.digest();
    match stated.filter(|stated| *stated != actual) {
        Some(stated) => Err(DocumentError::Changed { stated, actual }),
        None => Ok((document, actual)),
    }
}

fn read_set(text: SetText<'_>) -> Result<Spec, DocumentError> {
    let SetText { services, flags, objects, extra } = text;
    let spec = Spec { services, flags, objects: verify_objects(objects)?, extra };
    check_complete(&spec)?;
    Ok(spec)
}

fn read_parts(metadata: PartsMetadataText, text: PartsText<'_>) -> Result<Several, DocumentError> {
    let malformed = |error: &dyn std::fmt::Display| DocumentError::Malformed(error.to_string());
    let PartsMetadataText { parts: mut known, whole } = metadata;
    let mut parts = BTreeMap::new();
    for (name, set) in text.parts {
        let MetadataText { digest, metadata } = known.remove(&name).unwrap_or_default();
        let spec = read_set(set)?;
        let actual = spec.digest();
        if let Some(stated) = digest.filter(|stated| *stated != actual) {
            return Err(DocumentError::PartChanged { part: name, stated, actual });
        }
        parts.insert(name, Snapshot { metadata, spec });
    }
    let parts = Parts::new(parts).map_err(|error| malformed(&error))?;
    if let Some(name) = known.keys().next() {
        return Err(malformed(&format_args!("metadata.parts has {name}, and spec.parts has not")));
    }
    Ok(Several { metadata: whole.metadata, parts, extra: text.extra })
}

/// Reads a document that was parsed already, from YAML for example.
pub fn from_value(value: &Value) -> Result<Document, DocumentError> {
    read(canonical::tree_text(value)).map_err(fault::in_tree)
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
