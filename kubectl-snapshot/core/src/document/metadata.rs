//! `metadata` of a document: what is known of the whole, and of each part.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    canonical,
    digest::Digest,
    parts::{Document, PartName},
    snapshot::Metadata,
};

/// `metadata`, whose digest belongs to the text: a snapshot in memory has its set.
#[derive(Default, Deserialize)]
pub(super) struct MetadataText {
    #[serde(default)]
    pub(super) digest: Option<Digest>,
    #[serde(flatten)]
    pub(super) metadata: Metadata,
}

/// `metadata` of a set in parts.
#[derive(Default, Deserialize)]
pub(super) struct PartsMetadataText {
    #[serde(default)]
    pub(super) parts: BTreeMap<PartName, MetadataText>,
    #[serde(flatten)]
    pub(super) whole: MetadataText,
}

/// `metadata` with the digest, which only the text carries there.
pub(super) fn tree(document: &Document, metadata: &Metadata, digest: Digest) -> Value {
    let mut tree = with_parts(document, metadata);
    if let Document::Several(several) = document {
        for (name, part) in several.parts.iter() {
            tree["parts"][name.as_ref()]["digest"] = json!(part.spec.digest());
        }
    }
    tree["digest"] = json!(digest);
    tree
}

/// The canonical text of the metadata of a document, with that of its parts and without digests.
#[must_use]
pub fn metadata_text(document: &Document, metadata: &Metadata) -> String {
    canonical::text(&with_parts(document, metadata))
}

/// Reads what [`metadata_text`] wrote: the metadata of the whole, and of each part.
pub fn metadata_of(
    text: &[u8],
) -> Result<(Metadata, BTreeMap<PartName, Metadata>), serde_json::Error> {
    let PartsMetadataText { parts, whole } = serde_json::from_slice(text)?;
    let parts = parts.into_iter().map(|(name, part)| (name, part.metadata));
    Ok((whole.metadata, parts.collect()))
}

fn with_parts(document: &Document, metadata: &Metadata) -> Value {
    let mut tree = json!(metadata);
    if let Document::Several(several) = document {
        let parts = several.parts.iter();
        let parts = parts.map(|(name, part)| (name.to_string(), json!(part.metadata)));
        tree["parts"] = Value::Object(parts.collect());
    }
    tree
}
