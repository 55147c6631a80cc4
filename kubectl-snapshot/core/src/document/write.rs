//! Writer of snapshot documents: one canonical text for each snapshot.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::KIND;
use crate::{
    canonical,
    digest::Digest,
    snapshot::{API_VERSION, Metadata, Snapshot, Spec},
};

/// Writes the canonical bytes of a snapshot's document.
pub fn write<W: Write>(snapshot: &Snapshot, out: &mut W) -> io::Result<()> {
    write_parts(&snapshot.metadata, snapshot.spec.digest(), &snapshot.spec, out)
}

/// Writes the canonical bytes of a document whose digest is known already.
pub fn write_parts<W: Write>(
    metadata: &Metadata,
    digest: Digest,
    spec: &Spec,
    out: &mut W,
) -> io::Result<()> {
    canonical::write_object(out, ["apiVersion", "kind", "metadata", "spec"], |out, key| match key {
        "apiVersion" => out.write_all(canonical::text(&API_VERSION).as_bytes()),
        "kind" => out.write_all(canonical::text(&KIND).as_bytes()),
        "metadata" => out.write_all(canonical::text(&metadata_tree(metadata, digest)).as_bytes()),
        _ => spec.write_canonical(out),
    })
}

/// The document as a tree, for YAML and other renderings.
///
/// # Panics
/// Never: the types of a snapshot have string keys and finite numbers.
#[must_use]
pub fn to_value(snapshot: &Snapshot) -> Value {
    let Snapshot { metadata, spec } = snapshot;
    let mut members: Map<String, Value> = spec.extra.clone().into_iter().collect();
    members.insert("services".to_owned(), tree(&spec.services));
    members.insert("flags".to_owned(), tree(&spec.flags));
    let objects =
        spec.objects.iter().map(|(digest, manifest)| (digest.to_string(), manifest.tree()));
    members.insert("objects".to_owned(), Value::Object(objects.collect()));
    json!({
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": metadata_tree(metadata, spec.digest()),
        "spec": members,
    })
}

/// `metadata` with the digest, which only the text carries there.
fn metadata_tree(metadata: &Metadata, digest: Digest) -> Value {
    let mut tree = tree(metadata);
    tree["digest"] = json!(digest);
    tree
}

fn tree<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value)
        .expect("the types of a snapshot have string keys and finite numbers")
}
