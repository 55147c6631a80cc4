//! Writer of snapshot documents: one canonical text for each snapshot.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{KIND, metadata};
use crate::{
    canonical,
    digest::Digest,
    parts::{Document, Several},
    snapshot::{API_VERSION, Metadata, PARTS_API_VERSION, Spec},
};

/// Writes the canonical bytes of a snapshot's document.
pub fn write<W: Write>(document: &Document, out: &mut W) -> io::Result<()> {
    write_named(document, document.metadata(), document.digest(), out)
}

/// Writes the canonical bytes of a document whose digest is known already, with other metadata
/// of the whole.
pub fn write_named<W: Write>(
    document: &Document,
    metadata: &Metadata,
    digest: Digest,
    out: &mut W,
) -> io::Result<()> {
    canonical::write_object(out, ["apiVersion", "kind", "metadata", "spec"], |out, key| match key {
        "apiVersion" => out.write_all(canonical::text(&api_version(document)).as_bytes()),
        "kind" => out.write_all(canonical::text(&KIND).as_bytes()),
        "metadata" => {
            let tree = metadata::tree(document, metadata, digest);
            out.write_all(canonical::tree_text(&tree).as_bytes())
        }
        _ => document.write_canonical(out),
    })
}

/// The document as a tree, for YAML and other renderings.
///
/// # Panics
/// Never: the types of a snapshot have string keys and finite numbers.
#[must_use]
pub fn to_value(document: &Document) -> Value {
    let spec = match document {
        Document::One(snapshot) => spec_tree(&snapshot.spec),
        Document::Several(several) => {
            let mut members: Map<String, Value> = several.extra.clone().into_iter().collect();
            let parts = several.parts.iter();
            let parts = parts.map(|(name, part)| (name.to_string(), spec_tree(&part.spec)));
            members.insert(Several::PARTS.to_owned(), Value::Object(parts.collect()));
            Value::Object(members)
        }
    };
    json!({
        "apiVersion": api_version(document),
        "kind": KIND,
        "metadata": metadata::tree(document, document.metadata(), document.digest()),
        "spec": spec,
    })
}

/// The `apiVersion` that a document is written with.
fn api_version(document: &Document) -> &'static str {
    match document {
        Document::One(_) => API_VERSION,
        Document::Several(_) => PARTS_API_VERSION,
    }
}

fn spec_tree(spec: &Spec) -> Value {
    let mut members: Map<String, Value> = spec.extra.clone().into_iter().collect();
    members.insert("services".to_owned(), tree(&spec.services));
    members.insert("flags".to_owned(), tree(&spec.flags));
    let objects =
        spec.objects.iter().map(|(digest, manifest)| (digest.to_string(), manifest.tree()));
    members.insert("objects".to_owned(), Value::Object(objects.collect()));
    Value::Object(members)
}

fn tree<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value)
        .expect("the types of a snapshot have string keys and finite numbers")
}
